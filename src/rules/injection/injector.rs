//! What the injector of an installation puts into pods: the values in its ConfigMap.

use smol_str::{SmolStr, format_smolstr};

use crate::index::Ref;
use crate::resource::kubernetes::ConfigMap;
use crate::rules::Context;
use crate::rules::context::object_at;
use crate::yaml::{self, Node};

/// The ConfigMap of the injector of the default revision; others carry the revision behind it.
const CONFIG_MAP: &str = "istio-sidecar-injector";

/// The injector of a revision.
pub(super) struct Injector<'a> {
    /// The ConfigMap that holds its values.
    pub(super) map: Ref<'a, ConfigMap>,
    /// It adds a sidecar where no label says anything; none while that is not known.
    pub(super) injects_by_default: Option<bool>,
    /// The image of the sidecar, where it is known.
    pub(super) image: Option<SmolStr>,
}

/// The injector of `revision` (none: the default one), if its ConfigMap is in the workspace.
pub(super) fn of<'a>(cx: &Context<'a>, revision: Option<&str>) -> Option<Injector<'a>> {
    let name = match revision {
        None | Some("default") => SmolStr::new_static(CONFIG_MAP),
        Some(revision) => format_smolstr!("{CONFIG_MAP}-{revision}"),
    };
    let map = cx.view.named_anywhere::<ConfigMap>(&name).next()?;
    // What the values say of other things may look like a placeholder, so the text is asked for itself.
    let document = cx.document(map.entry)?;
    let values = document
        .root
        .as_ref()
        .and_then(|root| object_at(root, map.entry.resource.span))
        .and_then(|map| text(map, &["data", "values"]))
        .map(|text| yaml::parse(text.into()));
    let root = values.as_ref().filter(|values| values.errors.is_empty()).and_then(|values| values.root.as_ref());
    let by_default =
        root.map(|root| text(root, &["sidecarInjectorWebhook", "enableNamespacesByDefault"]) == Some("true"));
    Some(Injector { map, injects_by_default: by_default, image: root.and_then(image) })
}

/// `hub/image:tag`, or the image alone where it is written with its registry.
fn image(values: &Node) -> Option<SmolStr> {
    let image = text(values, &["global", "proxy", "image"])?;
    if image.contains('/') {
        return Some(image.into());
    }
    let (hub, tag) = (text(values, &["global", "hub"])?, text(values, &["global", "tag"])?);
    Some(format_smolstr!("{hub}/{image}:{tag}"))
}

fn text<'n>(node: &'n Node, path: &[&str]) -> Option<&'n str> {
    let leaf = path.iter().try_fold(node, |node, key| node.get(key))?;
    leaf.as_scalar().filter(|_| !leaf.templated).map(|scalar| scalar.text.as_str())
}
