//! What settings name outside the folder that they are for.

use istio_ls::index::View;
use istio_ls::workspace::Event;

use super::{Editor, Folder, gateway, route, set};

fn shop(settings: &str) -> Folder {
    Folder::of(&[
        ("shop/istio-ls.yaml", settings),
        ("shop/route.yaml", &route("edge")),
        ("cluster/live.yaml", &gateway("edge")),
        ("cluster/wrong.yaml", &route("lost")),
    ])
}

#[test]
fn context_outside_the_folder_is_present_and_gets_no_findings() {
    for context in ["../cluster", "../cluster/*.yaml", "../cluster/live.yaml", "./../**/live.yaml"] {
        let folder = shop(&format!("context: ['{context}']\n"));
        assert_eq!(folder.check(&["shop"]), set(&[]), "{context}");
        let editor = Editor::open(&folder, &["shop"]);
        assert_eq!(editor.findings(), set(&[]), "{context}");
        editor.text("cluster/wrong.yaml", &route("lost too"));
        let about_context = editor.findings();
        assert_eq!(about_context.is_empty(), !context.ends_with("live.yaml"), "{context}: {about_context:?}");
    }
    assert_eq!(shop("").check(&["shop"]), set(&["shop/route.yaml: unknown-gateway"]));
}

#[test]
fn context_outside_is_read_again_when_it_changes_and_forgotten_when_it_goes() {
    let folder = shop("context: [../cluster/live.yaml]\n");
    let editor = Editor::open(&folder, &["shop"]);
    let watched = editor.heard(|event| if let Event::Outside(places) = event { Some(places.clone()) } else { None });
    assert_eq!(watched, [folder.path("cluster/live.yaml")]);
    folder.write("cluster/live.yaml", gateway("other"));
    editor.disk(&["cluster/live.yaml"]);
    assert_eq!(editor.findings(), set(&["shop/route.yaml: unknown-gateway"]));
    folder.write("cluster/live.yaml", gateway("edge"));
    editor.disk(&["cluster/live.yaml"]);
    assert_eq!(editor.findings(), set(&[]));
    std::fs::remove_file(folder.path("cluster/live.yaml")).unwrap();
    editor.disk(&["cluster/live.yaml"]);
    let gone = set(&["shop/istio-ls.yaml: unmatched-path", "shop/route.yaml: unknown-gateway"]);
    assert_eq!(editor.findings(), gone);
}

#[test]
fn context_that_git_ignores_is_read_where_it_is_named_in_plain_words() {
    let folder = shop("context: [.cluster]\n");
    folder.write("shop/.gitignore", ".cluster\n");
    folder.write("shop/.cluster/live.yaml", gateway("edge"));
    assert_eq!(folder.check(&["shop"]), set(&[]));
    let editor = Editor::open(&folder, &["shop"]);
    assert_eq!(editor.findings(), set(&[]));
    folder.write("shop/.cluster/live.yaml", gateway("other"));
    editor.disk(&["shop/.cluster/live.yaml"]);
    let gone = set(&["shop/istio-ls.yaml: unmatched-path", "shop/route.yaml: unknown-gateway"]);
    assert_eq!(editor.findings(), gone);
}

#[test]
fn a_mesh_configuration_outside_the_folder_counts_and_is_watched() {
    let folder = shop("meshConfig: ../mesh/config\ncontext: [../cluster/live.yaml]\n");
    folder.write("mesh/config", "rootNamespace: ops\n");
    let editor = Editor::open(&folder, &["shop"]);
    let root_namespace = || {
        let published = editor.now();
        let snapshot = published.snapshot(&folder.path("shop/route.yaml")).unwrap();
        View::new(snapshot.scopes().next().unwrap().index()).mesh().root_namespace.to_string()
    };
    assert_eq!(root_namespace(), "ops");
    folder.write("mesh/config", "rootNamespace: platform\n");
    editor.disk(&["mesh/config"]);
    assert_eq!(root_namespace(), "platform");
    assert_eq!(folder.check(&["shop"]), set(&[]));
}

#[test]
fn a_path_that_names_nothing_is_pointed_out_as_long_as_it_does() {
    let folder = shop("context: [../cluster/life.yaml]\n");
    let expected = set(&["shop/istio-ls.yaml: unmatched-path", "shop/route.yaml: unknown-gateway"]);
    assert_eq!(folder.check(&["shop"]), expected);
    let editor = Editor::open(&folder, &["shop"]);
    assert_eq!(editor.findings(), expected);
    folder.write("cluster/life.yaml", gateway("edge"));
    editor.disk(&["cluster/life.yaml"]);
    assert_eq!(editor.findings(), set(&[]));
}

#[test]
fn names_of_scopes_do_not_change_with_what_stands_outside() {
    let folder = shop("context: [../cluster/live.yaml]\n");
    folder.write("shop/apps/web/kustomization.yaml", "resources: [route.yaml]\n");
    folder.write("shop/apps/web/route.yaml", route("edge"));
    folder.write("shop/apps/api/kustomization.yaml", "resources: []\n");
    let published = Editor::open(&folder, &["shop"]).now();
    let path = folder.path("shop/apps/web/route.yaml");
    let status = published.snapshot(&path).unwrap().status(&path);
    assert_eq!(status.scopes.first().unwrap().title, "kustomization apps/web");
}
