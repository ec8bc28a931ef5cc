//! The program as a pipeline calls it: output, exit status, standard input, repairs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test may fail"
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const WRONG: &str = "\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [\"*.example.com\"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways:
  - pubilc # the way in
  http:
  - directResponse: {status: 200}
";

fn istio_ls(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_istio-ls"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input closes it; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn check(folder: &Path, more: &[&str]) -> Output {
    istio_ls(&[&["check", folder.to_str().unwrap()], more].concat(), "")
}

fn workspace(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("web.yaml"), text).unwrap();
    folder
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn an_editor_is_served_however_it_starts_the_program() {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let input = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    for arguments in [&[][..], &["--stdio"], &["lsp"], &["lsp", "--stdio"]] {
        let output = istio_ls(arguments, &input);
        let answer = String::from_utf8(output.stdout).unwrap();
        assert!(answer.contains(r#""name":"istio-ls""#), "{arguments:?}: {answer}");
    }
}

#[test]
fn the_json_names_file_range_rule_codes_and_repairs() {
    let found = json(&check(workspace(WRONG).path(), &["--format", "json"]));
    let diagnostic = &found["diagnostics"][0];
    assert_eq!(diagnostic["file"], "web.yaml");
    assert_eq!(diagnostic["range"]["start"], serde_json::json!({"line": 15, "character": 4}));
    assert_eq!(diagnostic["range"]["end"], serde_json::json!({"line": 15, "character": 10}));
    assert_eq!(diagnostic["rule"], "unknown-gateway");
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["resource"], "VirtualService shop/web");
    assert_eq!(diagnostic["aliases"][0], "IST0101");
    assert_eq!(diagnostic["fixes"][0]["edits"][0]["newText"], "public");
    assert_eq!(found["summary"], serde_json::json!({"files": 1, "resources": 2, "scopes": 1}));
}

#[test]
fn the_exit_status_tells_findings_from_trouble() {
    let folder = workspace(WRONG);
    assert_eq!(check(folder.path(), &[]).status.code(), Some(1));
    assert_eq!(check(folder.path(), &["--fail-on", "never"]).status.code(), Some(0));
    assert_eq!(check(&folder.path().join("missing"), &[]).status.code(), Some(2));
    assert_eq!(check(folder.path(), &["--rules", "no-such-rule"]).status.code(), Some(2));
    assert_eq!(check(folder.path(), &["--no-such-flag"]).status.code(), Some(2));
}

/// What is asked for outside the current folder is shown by the way that leads there.
#[test]
fn paths_are_shown_from_the_current_folder() {
    let folder = workspace(WRONG);
    let here = folder.path().join("here");
    std::fs::create_dir(&here).unwrap();
    std::fs::write(here.join("own.yaml"), WRONG.replace("shop", "till")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_istio-ls"))
        .args(["check", "../web.yaml", "own.yaml", "--format", "json"])
        .current_dir(&here)
        .output()
        .unwrap();
    let found = json(&output);
    let files: Vec<_> = found["diagnostics"].as_array().unwrap().iter().map(|found| &found["file"]).collect();
    assert_eq!(files, ["own.yaml", "../web.yaml"]);
}

#[test]
fn settings_that_are_not_utf_8_are_a_finding_and_the_rest_is_checked() {
    let folder = workspace(WRONG);
    for second_line in [&b"exclude: [caf\xe9]\n"[..], b"exclude: [\0]\n", b"\0\x01\x02\xff"] {
        std::fs::write(folder.path().join("istio-ls.yaml"), [b"hints: false\n", second_line].concat()).unwrap();
        let output = check(folder.path(), &["--format", "json"]);
        assert_eq!(output.status.code(), Some(1));
        let found = json(&output)["diagnostics"].as_array().unwrap().clone();
        let of = |rule: &str| found.iter().find(|found| found["rule"] == rule).unwrap();
        assert_eq!(of("malformed-setting")["range"]["start"]["line"], 1);
        assert_eq!(of("unknown-gateway")["file"], "web.yaml");
    }
}

#[test]
fn settings_that_cannot_be_opened_are_told_and_the_rest_is_checked() {
    let folder = workspace(WRONG);
    std::fs::write(folder.path().join("istio-ls.yaml"), "#".repeat(5 * 1024 * 1024)).unwrap();
    let output = check(folder.path(), &["--format", "json"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("istio-ls.yaml: it has 5.0 MiB"), "{told}");
    assert_eq!(json(&output)["diagnostics"][0]["rule"], "unknown-gateway");
}

#[test]
fn standard_input_is_a_workspace_of_one_file() {
    let found = json(&istio_ls(&["check", "-", "--format", "json"], WRONG));
    assert_eq!(found["diagnostics"][0]["file"], "<stdin>");
}

#[test]
fn the_text_shows_the_line_the_reason_and_the_repair() {
    let output = check(workspace(WRONG).path(), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in
        ["error[unknown-gateway]", "web.yaml:16:5", "- pubilc # the way in", "^^^^^^", "404", "use Gateway public"]
    {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn fix_repairs_the_file_and_keeps_the_comment() {
    let folder = workspace(WRONG);
    let output = check(folder.path(), &["--fix"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let repaired = std::fs::read_to_string(folder.path().join("web.yaml")).unwrap();
    assert_eq!(repaired, WRONG.replace("pubilc", "public"));
}

#[test]
fn diff_shows_the_repair_and_leaves_the_file_alone() {
    let folder = workspace(WRONG);
    let output = check(folder.path(), &["--fix", "--diff"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("-  - pubilc # the way in") && text.contains("+  - public # the way in"), "{text}");
    assert_eq!(std::fs::read_to_string(folder.path().join("web.yaml")).unwrap(), WRONG);
}

#[test]
fn settings_turn_rules_off_and_leave_files_out() {
    let folder = workspace(WRONG);
    std::fs::write(folder.path().join("istio-ls.yaml"), "rules: {IST0101: off}\n").unwrap();
    assert_eq!(json(&check(folder.path(), &["--format", "json"]))["diagnostics"], serde_json::json!([]));
    std::fs::write(folder.path().join("istio-ls.yaml"), "exclude: [web.yaml]\n").unwrap();
    assert_eq!(json(&check(folder.path(), &["--format", "json"]))["summary"]["resources"], 0);
}

#[test]
fn settings_that_cannot_be_read_are_a_finding_and_the_rest_counts() {
    let folder = workspace(WRONG);
    std::fs::write(folder.path().join("istio-ls.yaml"), "rules: {unknown-gateway: info}\nexclude: web.yaml\n").unwrap();
    let output = check(&folder.path().join("web.yaml"), &["--format", "json"]);
    let found = json(&output)["diagnostics"].clone();
    assert_eq!(found[0]["rule"], "malformed-setting");
    assert!(found[0]["file"].as_str().unwrap().ends_with("istio-ls.yaml"), "{found}");
    assert_eq!((&found[1]["rule"], &found[1]["severity"]), (&"unknown-gateway".into(), &"info".into()));
    assert_eq!(output.status.code(), Some(1), "a wrong setting fails the check of any file that it is for");
}

#[test]
fn text_that_is_not_kubernetes_gets_nothing() {
    let output = check(workspace("a: [b\n'\n").path(), &["--format", "json"]);
    assert_eq!(json(&output)["diagnostics"], serde_json::json!([]));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_rule_is_explained_by_its_id_or_a_code() {
    let text = String::from_utf8(istio_ls(&["explain", "KIA1102"], "").stdout).unwrap();
    assert!(
        text.starts_with("# unknown-gateway\n") && text.contains("IST0101, KIA1102") && text.contains("## Symptom"),
        "{text}"
    );
    assert_eq!(istio_ls(&["explain", "nothing"], "").status.code(), Some(2));
}

#[test]
fn the_map_is_drawn_in_four_formats() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop");
    for (format, start) in
        [("svg", "<svg "), ("html", "<!doctype html>"), ("mermaid", "flowchart LR"), ("dot", "digraph tls")]
    {
        let drawn = istio_ls(&["tls", example, "--to", "cart", "--format", format], "").stdout;
        let drawn = String::from_utf8(drawn).unwrap();
        assert!(drawn.starts_with(start) && drawn.contains("cart") && !drawn.contains("scanner"), "{drawn}");
    }
}

#[test]
fn where_there_is_no_yaml_nothing_is_drawn_and_that_is_told() {
    let nothing = tempfile::tempdir().unwrap();
    let folder = nothing.path().to_str().unwrap();
    for format in ["text", "json", "html"] {
        let output = istio_ls(&["tls", folder, "--format", format], "");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("no YAML was found in {folder}")), "{told}");
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]));
    }
}

#[test]
fn the_fields_of_a_kind_are_listed() {
    let output = istio_ls(&["schema", "gateway", "--format", "json"], "");
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds = schema["kinds"].as_array().unwrap();
    let istio = kinds.iter().find(|kind| kind["group"] == "networking.istio.io" && kind["version"] == "v1").unwrap();
    let fields = istio["fields"].as_array().unwrap();
    let number = fields.iter().find(|field| field["path"] == "spec.servers[].port.number").unwrap();
    assert_eq!(
        (&number["type"], &number["required"], &number["enum"]),
        (&"integer".into(), &true.into(), &Value::Null)
    );
    let mode = fields.iter().find(|field| field["path"] == "spec.servers[].tls.mode").unwrap();
    assert!(mode["enum"].as_array().unwrap().contains(&"PASSTHROUGH".into()));
    assert_eq!(istio_ls(&["schema", "Gatewai"], "").status.code(), Some(2));
}

/// What Helm makes of the chart below with `values-prod.yaml`, and with `values.yaml` alone.
#[cfg(unix)]
const HELM: &str = r#"#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
case "$*" in
  *broken*) echo "Error: no value is given" >&2; exit 1 ;;
  *values-prod.yaml) port=8080 ;;
  *) port=80 ;;
esac
cat <<END
---
# Source: shop/templates/web.yaml
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
---
# Source: shop/templates/web.yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {hosts: [web], http: [{route: [{destination: {host: web, port: {number: $port}}}]}]}
END
"#;

#[cfg(unix)]
const TEMPLATE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
  {{- range .Values.ports }}
  - {name: http, port: {{ . }}}
  {{- end }}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:
    - destination: {host: web, port: {number: {{ regexFind \"[0-9]+\" .Values.address }}}}
";

/// Two charts, one of which Helm refuses, and a Helm in `bin` that notes how it is called.
#[cfg(unix)]
fn charts() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for chart in ["shop", "broken"] {
        write(&format!("charts/{chart}/Chart.yaml"), &format!("{{apiVersion: v2, name: {chart}, version: 1.0.0}}\n"));
        write(&format!("charts/{chart}/values.yaml"), "ports: [80]\naddress: web:80\n");
        write(&format!("charts/{chart}/templates/web.yaml"), TEMPLATE);
    }
    write("charts/shop/values-prod.yaml", "address: web:8080\n");
    write("bin/helm", HELM);
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path().join("bin/helm"), executable).unwrap();
    folder
}

/// How often Helm was called.
#[cfg(unix)]
fn calls(charts: &Path) -> usize {
    std::fs::read_to_string(charts.join("bin/calls")).unwrap_or_default().lines().count()
}

#[test]
#[cfg(unix)]
fn helm_renders_charts_where_somebody_asks_and_findings_stand_in_the_templates() {
    let folder = charts();
    let check = |bin: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_istio-ls"));
        command.args(["check", "charts"]).args(more).current_dir(folder.path());
        command.env("PATH", format!("{}/{bin}:/usr/bin:/bin", folder.path().display())).output().unwrap()
    };

    let without = check("bin", &[]);
    assert_eq!((without.status.code(), calls(folder.path())), (Some(0), 0), "nobody asked");

    let rendered = check("bin", &["--render", "--format", "json"]);
    let found = json(&rendered);
    let found: Vec<_> = found["diagnostics"].as_array().unwrap().iter().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["rule"], &found[0]["file"]), (&"unknown-port".into(), &"shop/templates/web.yaml".into()));
    assert_eq!(found[0]["range"]["start"]["line"], 16, "where the template writes the port");
    assert!(found[0]["message"].as_str().unwrap().contains("chart shop with values-prod.yaml"), "{}", found[0]);
    assert_eq!(rendered.status.code(), Some(1));
    let complaint = String::from_utf8(rendered.stderr).unwrap();
    assert!(complaint.contains("broken") && complaint.contains("Error: no value is given"), "{complaint}");
    assert_eq!(calls(folder.path()), 3, "each chart with each of its values");

    let nowhere = check("nothing", &["--render"]);
    let complaint = String::from_utf8(nowhere.stderr).unwrap();
    assert!(nowhere.status.code() == Some(2) && complaint.contains("needs helm"), "{complaint}");
}

#[test]
#[cfg(unix)]
fn an_editor_has_charts_rendered_where_its_own_settings_say_so_and_no_file_can() {
    let folder = charts();
    // What lies in the repository decides nothing.
    std::fs::write(folder.path().join("charts/istio-ls.yaml"), "render: true\nnothing: here\n").unwrap();
    for (options, is_asked) in [(serde_json::json!({}), false), (serde_json::json!({"render": true}), true)] {
        let said = session(folder.path(), &options);
        assert_eq!(said.contains("unknown-port"), is_asked, "{said}");
        assert_eq!(said.contains("no value is given"), is_asked, "{said}");
        assert_eq!(said.contains("Helm renders charts: 3 of 3"), is_asked, "{said}");
        assert_eq!(calls(folder.path()), if is_asked { 3 } else { 0 });
    }
}

/// What the server says until it has told about every file of the charts, and has rendered where it does.
#[cfg(unix)]
fn session(folder: &Path, options: &Value) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_istio-ls"))
        .env("PATH", format!("{}/bin:/usr/bin:/bin", folder.display()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let uri = format!("file://{}/charts", folder.display());
    let mut input = child.stdin.take().unwrap();
    let mut send = |message: Value| {
        let message = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{message}", message.len()).unwrap();
    };
    let folders = serde_json::json!([{"uri": uri, "name": "charts"}]);
    let capabilities = serde_json::json!({"window": {"workDoneProgress": true}});
    let params = serde_json::json!({"capabilities": capabilities, "workspaceFolders": folders, "initializationOptions": options});
    send(serde_json::json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}));
    let mut output = BufReader::new(child.stdout.take().unwrap());
    message(&mut output).expect("the answer to `initialize`");
    send(serde_json::json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
    let (sender, said) = std::sync::mpsc::channel();
    std::thread::spawn(move || while message(&mut output).is_some_and(|message| sender.send(message).is_ok()) {});
    let mut all = String::new();
    // What is wrong in the settings is told whatever becomes of the charts.
    let is_all = |all: &str| {
        let rendered = || all.contains("unknown-port") && all.contains("3 of 3");
        all.contains("unknown-setting") && (options.get("render").is_none() || rendered())
    };
    while !is_all(&all) {
        match said.recv_timeout(std::time::Duration::from_secs(30)) {
            Ok(more) => {
                if more.get("method").is_some() && more.get("id").is_some() {
                    send(serde_json::json!({"jsonrpc": "2.0", "id": more["id"], "result": null}));
                }
                writeln!(all, "{more}").unwrap();
            }
            Err(error) => panic!("{error}: {all}"),
        }
    }
    drop(input);
    said.iter().for_each(|more| writeln!(all, "{more}").unwrap());
    child.wait().unwrap();
    all
}

/// The next message of the server; none when it has ended.
#[cfg(unix)]
fn message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut header = String::new();
        output.read_line(&mut header).ok().filter(|read| *read > 0)?;
        match header.trim().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}
