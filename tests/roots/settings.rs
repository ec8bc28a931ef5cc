//! The nearest `istio-ls.yaml` upwards decides.

use super::{Editor, Folder, gateway, route, set};

/// Two teams in one folder, each with its own settings, and files of nobody.
fn teams() -> Folder {
    Folder::of(&[
        ("one/istio-ls.yaml", "rules: {unknown-gateway: off}\n"),
        ("one/deep/route.yaml", &route("lost")),
        ("two/istio-ls.yaml", "exclude: [old]\ncontext: [cluster]\n"),
        ("two/route.yaml", &route("edge")),
        ("two/cluster/gateway.yaml", &gateway("edge")),
        ("two/old/route.yaml", &route("gone")),
        ("three/route.yaml", &route("lost")),
        ("three/old/route.yaml", &route("lost")),
    ])
}

#[test]
fn each_folder_with_settings_is_a_root_of_its_own() {
    let folder = teams();
    let expected = set(&["three/old/route.yaml: unknown-gateway", "three/route.yaml: unknown-gateway"]);
    assert_eq!(folder.check(&[""]), expected);
    assert_eq!(Editor::open(&folder, &[""]).findings(), expected);
}

#[test]
fn settings_above_what_is_asked_about_count_and_the_rest_of_their_folder_is_known() {
    let folder = teams();
    for asked in ["one/deep", "one/deep/route.yaml", "two/route.yaml", "two/old"] {
        assert_eq!(folder.check(&[asked]), set(&[]), "{asked}");
    }
    assert_eq!(Editor::open(&folder, &["two/cluster"]).findings(), set(&[]));
    let editor = Editor::open(&folder, &["three"]);
    editor.text("two/route.yaml", &route("edge"));
    let about_routes = set(&["three/old/route.yaml: unknown-gateway", "three/route.yaml: unknown-gateway"]);
    assert_eq!(editor.findings(), about_routes, "a file outside all folders has the root that it stands in");
}

#[test]
fn settings_beyond_the_repository_do_not_count() {
    let folder = teams();
    folder.write("one/deep/.git/HEAD", "");
    assert_eq!(folder.check(&["one/deep"]), set(&["one/deep/route.yaml: unknown-gateway"]));
}

#[test]
fn settings_that_come_and_go_make_and_end_a_root() {
    let folder = teams();
    let editor = Editor::open(&folder, &[""]);
    folder.write("three/istio-ls.yaml", "exclude: [old]\n");
    editor.disk(&["three/istio-ls.yaml"]);
    assert_eq!(editor.findings(), set(&["three/route.yaml: unknown-gateway"]));
    std::fs::remove_file(folder.path("one/istio-ls.yaml")).unwrap();
    editor.disk(&["one/istio-ls.yaml"]);
    let expected = set(&["one/deep/route.yaml: unknown-gateway", "three/route.yaml: unknown-gateway"]);
    assert_eq!(editor.findings(), expected);
    assert_eq!(folder.check(&[""]), expected, "and the command line agrees");
}

#[test]
fn what_is_typed_counts_at_once_and_a_saved_exclude_is_read_again() {
    let folder = teams();
    let editor = Editor::open(&folder, &["two"]);
    editor.text("two/istio-ls.yaml", "exclude: []\nrules: {unknown-gateway: off}\n");
    assert_eq!(editor.findings(), set(&[]));
    folder.write("two/istio-ls.yaml", "context: [cluster]\n");
    editor.text("two/istio-ls.yaml", "context: [cluster]\n");
    editor.disk(&["two/istio-ls.yaml"]);
    assert_eq!(editor.findings(), set(&["two/old/route.yaml: unknown-gateway"]));
}

#[test]
fn the_status_and_the_report_say_which_settings_are_in_force() {
    let folder = teams();
    let published = Editor::open(&folder, &[""]).now();
    let status = |path: &str| published.snapshot(&folder.path(path)).unwrap().status(&folder.path(path));
    assert_eq!(status("two/route.yaml").settings, Some(folder.path("two/istio-ls.yaml")));
    assert_eq!(status("three/route.yaml").settings, None);
    assert_eq!(status("three/route.yaml").root, Some(folder.path("")));
    let text = status("two/route.yaml").to_string();
    assert!(text.contains(&format!("settings: {}", folder.path("two/istio-ls.yaml").display())), "{text}");
}
