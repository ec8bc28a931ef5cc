//! What is applied together: kustomizations, charts, deliveries.

use super::fixture::Fixture;

/// One test a fixture of the folder `scopes`.
macro_rules! fixtures {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            let fixture = Fixture::parse(include_str!(concat!("scopes/", stringify!($name), ".yaml")));
            assert_eq!(fixture.differences(&fixture.check().snapshot()), "");
        })*
    };
}

fixtures! {
    chart
    circle
    component
    delivered_namespace
    flux_target_namespace
    namespace_of_kustomization
    only_some_overlays
    patch_repairs
    patched_value
    templates_that_exclude_each_other
}
