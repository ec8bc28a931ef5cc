//! `RequestAuthentication`: which JSON Web Tokens are accepted.

use smol_str::SmolStr;

use super::{TargetRef, WorkloadSelector};
use crate::resource::{Anything, List, object};

object! {
    /// The `spec` of a RequestAuthentication.
    pub struct RequestAuthentication {
        selector: WorkloadSelector = "selector",
        target_ref: TargetRef = "targetRef",
        target_refs: List<TargetRef> = "targetRefs",
        jwt_rules: List<JwtRule> = "jwtRules",
    }

    /// Tokens of one issuer.
    pub struct JwtRule {
        issuer: SmolStr = "issuer",
        audiences: List<SmolStr> = "audiences",
        jwks_uri: SmolStr = "jwksUri",
        jwks: SmolStr = "jwks",
        from_headers: List<Anything> = "fromHeaders",
        from_params: List<SmolStr> = "fromParams",
        from_cookies: List<SmolStr> = "fromCookies",
        output_claim_to_headers: List<Anything> = "outputClaimToHeaders",
    }
}
