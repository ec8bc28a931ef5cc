//! Webhook configurations: who injects and who validates.

use smol_str::SmolStr;

use crate::resource::{List, object};
use crate::yaml::Node;

object! {
    /// A MutatingWebhookConfiguration or ValidatingWebhookConfiguration.
    pub struct WebhookConfiguration {
        webhooks: List<Webhook> = "webhooks",
    }

    /// One webhook.
    pub struct Webhook {
        name: SmolStr = "name",
        client_config: WebhookClientConfig = "clientConfig",
        namespace_selector: Node = "namespaceSelector",
        object_selector: Node = "objectSelector",
    }

    /// Who answers a webhook.
    pub struct WebhookClientConfig {
        service: WebhookService = "service",
        url: SmolStr = "url",
    }

    /// The Service of a webhook.
    pub struct WebhookService {
        name: SmolStr = "name",
        namespace: SmolStr = "namespace",
        path: SmolStr = "path",
        port: u32 = "port",
    }
}
