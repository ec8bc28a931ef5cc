"""Drives a real Helix in tmux. Run by `tests/editors/run`, in a copy of `workspace/`."""

import os
import pathlib
import subprocess

from term import Term, passed, wait_for_file

helix = os.environ["EDITOR_PROGRAM"]

health = subprocess.run([helix, "--health", "yaml"], capture_output=True, text=True, timeout=20, check=True)
assert "istio-ls" in health.stdout, health.stdout + health.stderr
passed("hx --health names the server")

chart = pathlib.Path("chart")
chart.joinpath("templates").mkdir(parents=True)
chart.joinpath("Chart.yaml").write_text("{apiVersion: v2, name: chart, version: 1.0.0}\n")
chart.joinpath("values.yaml").write_text("host: chart.example.com\n")
chart.joinpath("templates/route.yaml").write_text("""\
{{- if .Values.host }}
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {{ .Release.Name }}
spec:
  hosts: [{{ .Values.host | quote }}]
  gatways: [mesh]
{{- end }}
""")

with Term(helix, "-vv", "--log", os.path.expanduser("~/helix.log"), "routes.yaml") as term:
    term.wait("VirtualService")
    term.wait("●")
    passed("a mark stands in the gutter")

    term.type(":12"), term.keys("Enter")
    term.type("glhhh")  # onto the name, where Helix shows the message
    term.capture("helix-finding", "unknown-gateway")
    passed("the finding is shown with its rule")

    term.type(":10"), term.keys("Enter")
    term.type("glhhh")
    term.keys("Space"), term.wait("Space"), term.keys("k")
    term.capture("helix-hover", r"ingress/public.*Gateway.*public")
    term.keys("Escape"), term.wait("Gateway ingress/public", absent=True)  # else the next key counts as pressed with Alt
    passed("hover shows the Gateway")

    term.type(":12"), term.keys("Enter")
    term.type("glhhh")
    term.keys("Space"), term.wait("Space"), term.keys("a")
    term.capture("helix-fix", r"(?i)(use|replace)[^\n]*ingress/public")
    term.keys("Enter")
    term.wait(r"gateways: \[ingress/public\]")
    term.wait("●", absent=True)
    passed("the fix is applied and the mark goes")

    term.type(":write"), term.keys("Enter")
    wait_for_file("routes.yaml", "Größe 😀, gateways: [ingress/public]}]")
    passed("the file is right")

    term.type(":10"), term.keys("Enter")
    term.type("glhhhgd")
    term.wait(r"kind: Gateway")
    passed("goto leads to the Gateway's file")

    term.keys("Space"), term.wait("Space"), term.keys("s")
    term.wait(r"object +public")
    term.keys("Escape"), term.wait("object +", absent=True)
    passed("a picker lists the file's symbols")
    term.keys("Space"), term.wait("Space"), term.keys("S")
    term.type("storefront"), term.wait(r"object +storefront +storefront\.yaml")
    term.keys("Escape"), term.wait("object +", absent=True)
    passed("a picker lists the workspace's symbols")

    term.type(":9"), term.keys("Enter"), term.type("gl")
    term.keys("Space"), term.wait("Space"), term.keys("r")
    term.wait("rename-to:")
    term.keys("C-u"), term.type("edge"), term.keys("Enter")
    term.wait("name: edge")
    term.type(":write-all"), term.keys("Enter")
    wait_for_file("gateway.yaml", "  name: edge\n")
    wait_for_file("routes.yaml", "    - ingress/edge\n")
    wait_for_file("cart.yaml", "    - ingress/edge\n")
    passed("a rename reaches three files")

    term.type(":open cart.yaml"), term.keys("Enter"), term.wait("cart.example.com")
    term.type(":12"), term.keys("Enter"), term.type("xd")
    term.wait("ingress/inner", absent=True)
    term.type(":11"), term.keys("Enter"), term.type("o")
    # Of keys that come faster than a person's, Helix 25.01 sends the edits in another order than that of their versions.
    for column, letter in enumerate("- ingress/", start=6):
        term.type(letter), term.wait(rf" 12:{column}\s")
    term.wait(r"- ingress/ *\n[^\n]*ingress/inner")
    term.type("i")
    term.capture("helix-completion", r"- ingress/i *\n[^\n]*ingress/inner")
    term.keys("C-n"), term.keys("Enter"), term.wait(r"- ingress/inner *\n")
    # An Escape that comes with the next key is Alt and that key.
    term.keys("Escape"), term.wait(" NOR ")
    term.type(":write"), term.keys("Enter")
    wait_for_file("cart.yaml", "    - ingress/edge\n    - ingress/inner\n  http:\n")
    passed("completion offers the Gateways, and the one taken is written")

    term.type(":open chart/templates/route.yaml"), term.keys("Enter"), term.wait("gatways")
    term.type(":8"), term.keys("Enter"), term.type("gs")
    term.capture("helix-helm", "unknown-field")
    passed("a template of a chart has its finding")
    term.type(":quit-all!"), term.keys("Enter")
