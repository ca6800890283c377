"""What a browser calls itself, in plain words. A guess for the owner's eye; nothing is decided by it."""

from domain.messages import Messages

# The first that fits: most browsers also claim to be the ones below them.
BROWSERS = (
    ("coc_coc_browser", "Cốc Cốc"),
    ("Edg", "Microsoft Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_words(said: str, messages: Messages) -> str:
    """`Chrome trên Windows`, as far as it can be told."""
    browser = next((name for mark, name in BROWSERS if mark in said), None)
    system = next((name for mark, name in SYSTEMS if mark in said), None)
    if browser and system:
        return messages.text("identity.browser.both", browser=browser, system=system)
    return browser or messages.text("identity.browser.unknown")
