//! Gateways and their certificates, beyond the examples in the pages.

use super::fixture::{Fixture, settings};

/// A gateway server whose Secret holds `certificate` gives the findings marked at its name.
#[track_caller]
fn check(certificate: &str, mark: &str) {
    let certificate = certificate.replace('\n', "\n    ");
    let fixture = Fixture::parse(&format!(
        "\
apiVersion: v1
kind: Secret
metadata: {{name: shop-cert, namespace: istio-system}}
type: kubernetes.io/tls
stringData:
  tls.crt: |
    {certificate}
  tls.key: \"\"
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: public, namespace: shop}}
spec:
  selector: {{istio: ingressgateway}}
  servers:
  - port: {{number: 443, name: https, protocol: HTTPS}}
    hosts: [shop.example.com]
    tls: {{mode: SIMPLE, credentialName: shop-cert}}{mark}
"
    ));
    let settings = settings("rules: {unusable-credential: error}");
    assert_eq!(fixture.differences(&fixture.check_with(settings).snapshot()), "");
}

#[test]
fn a_certificate_that_is_over_is_refused_by_clients() {
    check(OF_2001, " #~ unusable-credential `shop-cert` holds an expired certificate in tls.crt");
}

#[test]
fn a_certificate_without_end_is_fine() {
    check(UNTIL_9999, "");
}

const OF_2001: &str = "\
-----BEGIN CERTIFICATE-----
MIIBADCBpgIBATAKBggqhkjOPQQDAjAMMQowCAYDVQQDDAFhMB4XDTAxMDEwMTAw
MDAwMFoXDTAyMDEwMTAwMDAwMFowDDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABPR4DjCoLPKOCT10OFADN8ODPI97K9oift7IA44QklcX+59j
r19VZwIIp1ncgQQQTMw5rm/k1B4uunj6u/3TjPMwCgYIKoZIzj0EAwIDSQAwRgIh
AKbVhdbZ7isSYuh/Ks01E+bwvCplLOvb+/oR+jxCHL2mAiEApzSqDe2k+JZ2nTmI
y9TToI/7YAuACOyzRbvDqbHZaCg=
-----END CERTIFICATE-----";

const UNTIL_9999: &str = "\
-----BEGIN CERTIFICATE-----
MIIBATCBqAIBAjAKBggqhkjOPQQDAjAMMQowCAYDVQQDDAFhMCAXDTAxMDEwMTAw
MDAwMFoYDzk5OTkxMjMxMjM1OTU5WjAMMQowCAYDVQQDDAFhMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAE9HgOMKgs8o4JPXQ4UAM3w4M8j3sr2iJ+3sgDjhCSVxf7
n2OvX1VnAginWdyBBBBMzDmub+TUHi66ePq7/dOM8zAKBggqhkjOPQQDAgNIADBF
AiB1Y0MaBgKk3iFMM6iym7svgugqUOKWKsIUg390m8Ru+gIhAIfZyTd07gGAZXHr
EGJt0Sk1G7zawbs2z58kD4TumBfV
-----END CERTIFICATE-----";
