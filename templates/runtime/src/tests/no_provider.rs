//! Test of the error if no crypto provider is installed.

use super::sample::Client;

#[test]
fn missing_crypto_provider_is_explained() {
    let error = Client::builder().api_key("k").build().unwrap_err();
    let reason = std::error::Error::source(&error).unwrap().to_string();
    for expected in ["`aws-lc-rs`", "`ring`", "CryptoProvider::install_default"] {
        assert!(reason.contains(expected), "{reason}");
    }
}
