"""The house rules a parser can see, each a function from one source to the list of offences in it."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, dotted

LONGEST_FUNCTION = 40
LONGEST_FILE = 300
Function = ast.FunctionDef | ast.AsyncFunctionDef

# What makes a rule or a replay depend on something else than its arguments.
IMPURE = (
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.sleep", "time.localtime"),
    *("uuid.uuid1", "uuid.uuid4", "uuid1", "uuid4", "secrets", "random"),
    *("os.environ", "os.getenv", "os.urandom", "open", "input", "socket"),
)
# These two go through their tasks in the order of a set.
UNORDERED_WAITS = ("asyncio.wait", "asyncio.as_completed")
RAW_SERVICES = ("workflow_service", "operator_service")
SETS = ("set", "frozenset")
KEEP_ORDER = ("list", "tuple", "enumerate", "iter", "map", "filter", "zip", "dict", "dict.fromkeys", "reversed")
SKIPS = (
    *("pytest.skip", "pytest.xfail", "pytest.importorskip"),
    *("pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"),
)


def functions(source: Source) -> Iterator[Function]:
    """Every function and method, however deep."""
    return (node for node in source.nodes if isinstance(node, Function))


def length(function: Function) -> int:
    """From the `def` line to the last line, docstring included."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def too_long(source: Source) -> list[str]:
    """Functions over 40 lines, files over 300."""
    found = [
        source.at(function, f"{function.name} has {length(function)} lines")
        for function in functions(source)
        if length(function) > LONGEST_FUNCTION
    ]
    return found + ([f"{source.name} has {source.lines} lines"] if source.lines > LONGEST_FILE else [])


def undocumented(source: Source) -> list[str]:
    """A module with code and without a docstring."""
    silent = source.tree.body and not ast.get_docstring(source.tree)
    return [f"{source.name} does not say what it is for"] if silent else []


def impure(source: Source) -> list[str]:
    """A clock, chance, the environment or a file, used or imported."""
    return [source.at(node, name) for node, name in _names(source) if _among(name, IMPURE)]


def unordered_waits(source: Source) -> list[str]:
    """`asyncio.wait` and `as_completed`: `workflow.wait` and `workflow.as_completed` are the ordered ones."""
    return [source.at(node, name) for node, name in _names(source) if name in UNORDERED_WAITS]


def skipped_or_mocked(source: Source) -> list[str]:
    """A test that does not run, or runs against something that is not there."""
    return [
        source.at(node, name)
        for node, name in _names(source)
        if name in SKIPS or _among(name, ("unittest.mock", "mock", "MagicMock"))
    ]


def sent_once(source: Source) -> list[str]:
    """A raw call of Temporal that says not that it may be retried: it fails when the server renews the connection."""
    return [
        source.at(call, ast.unparse(call.func))
        for call in source.nodes
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if isinstance(call.func.value, ast.Attribute) and call.func.value.attr in RAW_SERVICES
        if not any(word.arg == "retry" for word in call.keywords)
    ]


def _among(name: str, listed: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in listed)


def _names(source: Source) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Every dotted name used, whatever its module was called at import, and every name imported."""
    known: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            known.update((alias.asname or alias.name, alias.name) for alias in node.names)
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
    for node in source.nodes:
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node)):
            first, dot, rest = name.partition(".")
            yield node, _short(known.get(first, first) + dot + rest)


def _short(name: str) -> str:
    """`datetime.datetime.now` as `datetime.now`: one spelling for both ways to import."""
    return name.replace("datetime.datetime.", "datetime.").replace("datetime.date.", "date.")


def unordered_loops(source: Source) -> list[str]:
    """A loop over a set, an ordered thing made from one, or a set as the field of a model: the order is nobody's."""
    named = {target for node in source.nodes for target in _set_targets(node)}
    found = [source.at(node, "goes through a set") for node in _gone_through(source) if _is_set(node, named)]
    fields = [node for cls in source.nodes if isinstance(cls, ast.ClassDef) for node in cls.body]
    return found + [
        source.at(field, "is a field holding a set")
        for field in fields
        if isinstance(field, ast.AnnAssign) and any(f"{kind}[" in ast.unparse(field.annotation) for kind in SETS)
    ]


def _gone_through(source: Source) -> Iterator[ast.expr]:
    for node in source.nodes:
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            yield node.iter
        elif isinstance(node, ast.Starred):
            yield node.value
        elif isinstance(node, ast.Call) and (dotted(node.func) in KEEP_ORDER or _joins(node.func)):
            yield from node.args


def _joins(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr == "join"


def _is_set(node: ast.expr, named: set[str]) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr | ast.BitAnd | ast.Sub | ast.BitXor):
        return _is_set(node.left, named) or _is_set(node.right, named)
    called = isinstance(node, ast.Call) and dotted(node.func) in SETS
    return called or isinstance(node, ast.Set | ast.SetComp) or dotted(node) in named


def _set_targets(node: ast.AST) -> list[str]:
    """The names this statement binds to a set."""
    if isinstance(node, ast.Assign) and _is_set(node.value, set()):
        return [dotted(target) for target in node.targets]
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
        kind = ast.unparse(node.annotation).partition("[")[0]
        name = node.arg if isinstance(node, ast.arg) else dotted(node.target)
        return [name] if kind in SETS else []
    return []


def bare_imports(source: Source, ours: tuple[str, ...]) -> list[str]:
    """In a file that defines a workflow: our modules imported outside `imports_passed_through()`.

    Imported once with and once without, one class becomes two, and `match` and `isinstance` fall through in silence.
    """
    if "@workflow.defn" not in source.text:
        return []
    passed = {
        id(inner)
        for node in source.nodes
        if isinstance(node, ast.With) and "imports_passed_through()" in ast.unparse(node.items[0])
        for inner in ast.walk(node)
    }
    return [
        source.at(node, ast.unparse(node))
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in passed and _ours(node, ours)
    ]


def _ours(node: ast.Import | ast.ImportFrom, ours: tuple[str, ...]) -> bool:
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(module.partition(".")[0] in ours for module in modules)
