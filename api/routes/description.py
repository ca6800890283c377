"""The description of the interface as one plain page made from the OpenAPI document: no network, no script.

An intranet reaches no content network, so the usual page, which loads its script from one, would stay empty there.
"""

import json
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"><style>
body{{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}}
h1{{color:#a00}} h2{{margin-top:2.5rem;border-bottom:2px solid #a00}} code,pre{{background:#f4f4f2;font-size:.9rem}}
code{{overflow-wrap:anywhere}}
pre{{padding:.7rem;overflow-x:auto}} summary{{cursor:pointer;padding:.3rem 0}} .m{{display:inline-block;width:4rem;
font-weight:bold}}</style></head><body><h1>{title}</h1><p>{about}</p>
<p><a href="/openapi.json">openapi.json</a></p>{body}</body></html>"""
OPERATION = """<details><summary><span class="m">{method}</span><code>{path}</code> {summary}</summary>
<p>{description}</p>{example}<ul>{answers}</ul></details>"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Every operation by subject, with an example of its body and the answers it gives."""
    api = request.app.openapi()
    groups: dict[str, list[str]] = {}
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(api, method, path, operation))
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(found)}" for name, found in groups.items())
    page = PAGE.format(title=escape(api["info"]["title"]), about=escape(api["info"]["description"]), body=body)
    return HTMLResponse(page, headers={"Content-Security-Policy": POLICY})


def _operation(api: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    example = _example(api, operation)
    shown = f"<pre>{escape(json.dumps(example, ensure_ascii=False, indent=2))}</pre>" if example is not None else ""
    answers = (f"<li>{code}: {escape(r['description'])}</li>" for code, r in sorted(operation["responses"].items()))
    return OPERATION.format(
        method=method.upper(),
        path=escape(path),
        summary=escape(operation.get("summary", "")),
        description=escape(operation.get("description", "")),
        example=shown,
        answers="".join(answers),
    )


def _example(api: dict[str, Any], operation: dict[str, Any]) -> Any:
    """The first example of the JSON body, if it has one."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    options = [schema, *schema.get("anyOf", ())]
    names = [option["$ref"].rpartition("/")[2] for option in options if "$ref" in option]
    examples = (api["components"]["schemas"][name].get("examples") for name in names)
    return next((found[0] for found in examples if found), None)
