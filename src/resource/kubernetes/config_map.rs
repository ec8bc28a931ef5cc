//! `ConfigMap`: of interest is the one that holds Istio's mesh configuration.

use smol_str::SmolStr;

use crate::resource::{Map, object};
use crate::yaml::Node;

object! {
    /// A ConfigMap.
    pub struct ConfigMap {
        data: Map<SmolStr> = "data",
    }

    /// The `spec` of an IstioOperator or Istio resource; both carry the mesh configuration.
    pub struct IstioInstallation {
        mesh_config: Node = "meshConfig",
        values: IstioInstallationValues = "values",
    }

    /// Helm values of an installation.
    pub struct IstioInstallationValues {
        mesh_config: Node = "meshConfig",
    }
}
