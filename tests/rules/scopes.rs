//! What is applied together: kustomizations, charts, deliveries.

use std::path::PathBuf;

use istio_ls::workspace::Settings;

use super::fixture::Fixture;

/// One test a fixture of the folder `scopes`.
macro_rules! fixtures {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let fixture = Fixture::parse(include_str!(concat!("scopes/", stringify!($name), ".yaml")));
            let is_settings = |(path, _): &&(PathBuf, String)| path.ends_with("istio-ls.yaml");
            let settings = fixture.files.iter().find(is_settings).map_or("", |(_, text)| text);
            let workspace = fixture.check_with(Settings::parse(settings).unwrap());
            assert_eq!(fixture.differences(&workspace.snapshot()), "");
        })*
    };
}

fixtures! {
    chart
    circle
    component
    context
    delivered_namespace
    encrypted
    flux_target_namespace
    known
    known_namespace
    namespace_of_kustomization
    only_some_overlays
    patch_repairs
    patched_value
    templates_that_exclude_each_other
}
