//! The workspace: its files, what is open, and the findings about them. The only mutable state of istio-ls.
//!
//! [`Workspace`] belongs to one writer. A change goes in as the text of a file; the documents that changed are read again,
//! the index is patched by the difference, and whoever asked for a key that was touched is checked again. Readers hold a
//! [`Snapshot`], whole and immutable. Disks are read in [`load`] and watched in [`watch`].

mod checks;
mod conditions;
mod file;
mod filing;
pub mod folder;
mod kustomizations;
pub mod load;
mod mesh_config;
mod namespaces;
pub mod rendering;
mod roots;
mod scoped;
mod scopes;
pub mod settings;
mod snapshot;
mod state;
mod status;
mod suppress;
mod vendored;
pub mod watch;
mod writer;

pub use file::{File, PlacedDocument};
pub use scoped::Scoped;
pub use scopes::call::ChartCall;
pub use scopes::plan::{Origin, Plan};
pub use settings::{Level, SchemaChecks, Settings};
pub use snapshot::{LocatedEdit, LocatedFinding, LocatedFix, LocatedRelated, Location, Snapshot};
pub use state::Workspace;
pub use status::{ScopeStatus, Status};
pub use writer::{Change, Event, Published, Writer};
