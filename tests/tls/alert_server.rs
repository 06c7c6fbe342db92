//! A crypto provider for TLS servers that end connections with an alert chosen by the test.
//!
//! rustls does not allow programs to send alerts. So the server closes connections normally, and the cipher suites of
//! the provider replace the alert `close_notify` with the chosen alert.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::crypto::cipher::{
    AeadKey, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter, OutboundChunks, OutboundOpaqueMessage,
    OutboundPlainMessage, Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::{
    AlertDescription, ConnectionTrafficSecrets, ContentType, Error, SupportedCipherSuite, Tls12CipherSuite,
    Tls13CipherSuite,
};

/// Returns a crypto provider whose connections send this alert instead of `close_notify`.
pub fn provider(alert: AlertDescription) -> Arc<CryptoProvider> {
    let mut provider = default_provider();
    for suite in &mut provider.cipher_suites {
        // rustls requires `'static` cipher suites, so these are leaked.
        *suite = match suite {
            SupportedCipherSuite::Tls13(suite) => SupportedCipherSuite::Tls13(Box::leak(Box::new(Tls13CipherSuite {
                common: rustls::crypto::CipherSuiteCommon { ..suite.common },
                hkdf_provider: suite.hkdf_provider,
                aead_alg: Box::leak(Box::new(Alerting { alert, inner: suite.aead_alg })),
                quic: None,
            }))),
            SupportedCipherSuite::Tls12(suite) => SupportedCipherSuite::Tls12(Box::leak(Box::new(Tls12CipherSuite {
                common: rustls::crypto::CipherSuiteCommon { ..suite.common },
                prf_provider: suite.prf_provider,
                kx: suite.kx,
                sign: suite.sign,
                aead_alg: Box::leak(Box::new(Alerting { alert, inner: suite.aead_alg })),
            }))),
        };
    }
    Arc::new(provider)
}

struct Alerting<A: ?Sized + 'static> {
    alert: AlertDescription,
    inner: &'static A,
}

impl Tls13AeadAlgorithm for Alerting<dyn Tls13AeadAlgorithm> {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        Box::new(Encrypter { alert: self.alert, inner: self.inner.encrypter(key, iv) })
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        self.inner.decrypter(key, iv)
    }

    fn key_len(&self) -> usize {
        self.inner.key_len()
    }

    fn extract_keys(&self, key: AeadKey, iv: Iv) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.inner.extract_keys(key, iv)
    }
}

impl Tls12AeadAlgorithm for Alerting<dyn Tls12AeadAlgorithm> {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        Box::new(Encrypter { alert: self.alert, inner: self.inner.encrypter(key, iv, extra) })
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        self.inner.decrypter(key, iv)
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        self.inner.key_block_shape()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.inner.extract_keys(key, iv, explicit)
    }
}

struct Encrypter {
    alert: AlertDescription,
    inner: Box<dyn MessageEncrypter>,
}

impl MessageEncrypter for Encrypter {
    fn encrypt(&mut self, message: OutboundPlainMessage<'_>, seq: u64) -> Result<OutboundOpaqueMessage, Error> {
        const FATAL: u8 = 2;
        let alert = [FATAL, self.alert.into()];
        let OutboundPlainMessage { typ, version, payload } = message;
        let payload = if typ == ContentType::Alert { OutboundChunks::Single(&alert) } else { payload };
        self.inner.encrypt(OutboundPlainMessage { typ, version, payload }, seq)
    }

    fn encrypted_payload_len(&self, payload_len: usize) -> usize {
        self.inner.encrypted_payload_len(payload_len)
    }
}
