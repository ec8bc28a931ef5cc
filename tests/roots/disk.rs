//! What a disk can hold, and what is read of it.

use istio_ls::workspace::Event;

use super::{Editor, Folder, gateway, route, set};

#[test]
fn what_git_or_settings_leave_out_is_not_there() {
    let folder = Folder::of(&[
        ("istio-ls.yaml", "exclude: [old, '*.tmp.yaml', /generated/*.yaml]\n"),
        (".gitignore", "build/\n"),
        ("route.yaml", &route("edge")),
        ("build/gateway.yaml", &gateway("edge")),
        ("node_modules/pkg/gateway.yaml", &gateway("edge")),
        ("old/gateway.yaml", &gateway("edge")),
        ("deep/gateway.tmp.yaml", &gateway("edge")),
        ("generated/gateway.yaml", &gateway("edge")),
        ("deep/generated/other.yaml", &gateway("other")),
    ]);
    assert_eq!(folder.read(&[""]), set(&["istio-ls.yaml", "route.yaml", "deep/generated/other.yaml"]));
    let expected = set(&["route.yaml: unknown-gateway"]);
    assert_eq!(folder.check(&[""]), expected);
    let editor = Editor::open(&folder, &[""]);
    assert_eq!(editor.findings(), expected);
    editor.disk(&["build/gateway.yaml", "old/gateway.yaml", "node_modules/pkg", "deep", "generated/gateway.yaml"]);
    assert_eq!(editor.findings(), expected, "neither is it when it changes");
}

/// What the editor was told about files that cannot be read, the path and the message.
fn unreadable(editor: &Editor<'_>, path: &str) -> String {
    let path = editor.folder.path(path);
    editor.heard(|event| match event {
        Event::Unreadable(files) => files.iter().find(|file| file.path == path).map(|file| file.message.clone()),
        _ => None,
    })
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_works() {
    let folder = Folder::of(&[("route.yaml", &route("lost"))]);
    folder.write("large.yaml", "x".repeat(5 * 1024 * 1024));
    folder.write("binary.yaml", b"a: \0\x01");
    folder.write("latin.yaml", [gateway("other").into_bytes(), b"# caf\xe9\n".to_vec()].concat());
    folder.write("folder.yaml/inner.yaml", gateway("inner"));
    let read = set(&["route.yaml", "latin.yaml", "folder.yaml/inner.yaml"]);
    assert_eq!(folder.read(&[""]), read);
    let editor = Editor::open(&folder, &[""]);
    assert_eq!(editor.findings(), set(&["route.yaml: unknown-gateway"]));
    let large = unreadable(&editor, "large.yaml");
    assert!(large.contains("5.0 MiB") && large.contains("`exclude`"), "{large}");
    assert!(unreadable(&editor, "binary.yaml").contains("line 1 has a NUL byte"));
    assert!(unreadable(&editor, "latin.yaml").contains("line 9 is not UTF-8"), "{}", unreadable(&editor, "latin.yaml"));
    editor.disk(&["large.yaml", "binary.yaml"]);
    editor.now();
    let told = editor.events.lock().unwrap().iter().filter(|event| matches!(event, Event::Unreadable(_))).count();
    assert_eq!(told, 1, "once is enough");
}

#[cfg(unix)]
#[test]
fn loops_of_links_end_and_what_is_forbidden_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder =
        Folder::of(&[("a/route.yaml", &route("lost")), ("closed.yaml", "a: 1\n"), ("b/gateway.yaml", "a: 1\n")]);
    symlink(folder.path("a"), folder.path("a/again")).unwrap();
    symlink(folder.path("loop.yaml"), folder.path("loop.yaml")).unwrap();
    symlink(folder.path("nowhere"), folder.path("broken.yaml")).unwrap();
    for closed in ["closed.yaml", "b"] {
        std::fs::set_permissions(folder.path(closed), PermissionsExt::from_mode(0o000)).unwrap();
    }
    let may_read_all = std::fs::read(folder.path("closed.yaml")).is_ok();
    let editor = Editor::open(&folder, &[""]);
    assert_eq!(editor.findings(), set(&["a/route.yaml: unknown-gateway"]));
    assert_eq!(folder.check(&[""]), set(&["a/route.yaml: unknown-gateway"]));
    if !may_read_all {
        assert!(unreadable(&editor, "closed.yaml").contains("denied"));
        assert!(unreadable(&editor, "b").contains("denied"));
    }
    std::fs::set_permissions(folder.path("b"), PermissionsExt::from_mode(0o755)).unwrap();
}

#[test]
fn what_helm_fetched_is_there_and_gets_no_findings() {
    let chart = "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n\
                 - {name: fetched, version: 1.0.0, repository: 'https://charts.example.com'}\n\
                 - {name: own, version: 1.0.0, repository: 'file://charts/own'}\n";
    let folder = Folder::of(&[
        ("Chart.yaml", chart),
        ("values.yaml", "gateways: [lost]\nspec: {hosts: []}\n"),
        ("templates/route.yaml", &route("edge")),
        ("charts/fetched/Chart.yaml", "apiVersion: v2\nname: fetched\nversion: 1.0.0\n"),
        ("charts/fetched/templates/gateway.yaml", &gateway("edge")),
        ("charts/fetched/templates/wrong.yaml", &gateway("x").replace("number: 80", "number: eighty")),
        ("charts/own/templates/wrong.yaml", &gateway("y").replace("number: 80", "number: eighty")),
    ]);
    folder.write("charts/packed-1.0.0.tgz", b"\x1f\x8b\0");
    let expected = set(&["charts/own/templates/wrong.yaml: wrong-type"]);
    assert_eq!(folder.check(&[""]), expected);
    assert_eq!(Editor::open(&folder, &[""]).findings(), expected);
}

#[test]
fn what_sops_encrypted_is_there_and_gets_no_findings() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: cert, namespace: istio-system}\ntype: kubernetes.io/tls\n\
                  data:\n  tls.crt: ENC[AES256_GCM,data:Zm9v,iv:a,tag:b,type:str]\n";
    let sops = "sops:\n  mac: ENC[AES256_GCM,data:x,iv:a,tag:b,type:str]\n  version: 3.9.0\n";
    let wrong = gateway("z").replace("number: 80", "number: ENC[AES256_GCM,data:Zm9v,iv:a,tag:b,type:int]");
    for (name, text) in [("with", format!("{secret}{sops}")), ("without", secret.to_owned()), ("gateway", wrong)] {
        let folder = Folder::of(&[("secret.enc.yaml", text.as_str()), ("route.yaml", &route("lost"))]);
        assert_eq!(folder.check(&[""]), set(&["route.yaml: unknown-gateway"]), "{name}");
    }
}

#[test]
fn what_a_kustomization_names_may_be_there_without_being_read() {
    let names = "[excluded.yaml, ignored.yaml, without-end, big.yaml, made.yaml, folder, only-named, gone.yaml, empty]";
    let folder = Folder::of(&[
        ("istio-ls.yaml", "exclude: [excluded.yaml]\n"),
        (".gitignore", "ignored.yaml\n"),
        ("kustomization.yaml", &format!("resources: {names}\n")),
        ("excluded.yaml", "kind: Namespace\n"),
        ("ignored.yaml", "kind: Namespace\n"),
        ("without-end", "kind: Namespace\n"),
        ("big.yaml", &"#".repeat(5 * 1024 * 1024)),
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("made.yaml.tmpl", "kind: Namespace\n"),
        ("folder/kustomization.yml", "resources: []\n"),
        ("only-named/Kustomization", "resources: []\n"),
        ("empty/namespace.yaml", "kind: Namespace\n"),
    ]);
    let loaded = |folder: &Folder| {
        let mut loaded = istio_ls::cli::load(&[folder.path("")], None, &istio_ls::cli::Rules::default()).unwrap();
        let findings = loaded.check().findings;
        findings.into_iter().map(|found| found.message.lines().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        loaded(&folder),
        [
            "no file or folder `gone.yaml` is there: kustomize refuses to build",
            "`empty` is a folder without a kustomization.yaml: kustomize refuses to build",
        ]
    );
    let editor = Editor::open(&folder, &[""]);
    assert_eq!(editor.findings(), set(&["kustomization.yaml: missing-kustomization-file"]));
    folder.write("gone.yaml", "kind: Namespace\n");
    folder.write("empty/kustomization.yaml", "resources: []\n");
    editor.disk(&["gone.yaml", "empty"]);
    assert_eq!(editor.findings(), set(&[]));
}
