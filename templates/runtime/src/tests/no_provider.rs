//! Without a crypto provider: the error names what to do.

use super::sample::Client;

#[test]
fn a_missing_crypto_provider_is_explained() {
    let error = Client::builder().api_key("k").build().unwrap_err();
    let reason = std::error::Error::source(&error).unwrap().to_string();
    for named in ["`aws-lc-rs`", "`ring`", "CryptoProvider::install_default"] {
        assert!(reason.contains(named), "{reason}");
    }
}
