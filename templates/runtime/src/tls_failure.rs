//! Messages that explain why a TLS handshake failed.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

#[cfg(feature = "uploads")]
use super::pieces::FileError;

/// Returns the first rustls error among an error and its causes.
pub fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    find(error)
}

/// Returns the first error of type `T` among an error and its causes.
pub fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Returns whether the error means that the connection was closed. The unexpected end of a file that is being uploaded
/// does not count.
pub fn is_end(error: &(dyn StdError + 'static)) -> bool {
    let is_end = |cause: &(dyn StdError + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    };
    #[cfg(feature = "uploads")]
    if causes(error).any(|cause| cause.is::<FileError>()) {
        return false;
    }
    causes(error).any(is_end)
}

/// Returns the error and its causes, including errors wrapped by an I/O error, which `source()` skips.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// The TLS alerts by which a server rejects a client certificate, or requires a missing one.
const REFUSALS: [AlertDescription; 9] = [
    AlertDescription::CertificateRequired,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::AccessDenied,
    AlertDescription::DecryptError,
];

/// Returns the TLS alert that the error reports if this alert rejects the client certificate.
///
/// The alert alone does not prove that the server has not processed a request: `http_transport::refusal` checks
/// further conditions.
pub fn refusal(error: &Error) -> Option<AlertDescription> {
    match error {
        Error::AlertReceived(alert) if REFUSALS.contains(alert) => Some(*alert),
        _ => None,
    }
}

/// Returns the message that explains a TLS error. The caller adds the error itself as the source.
pub fn explanation(error: &Error) -> &'static str {
    use AlertDescription as Alert;
    match error {
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => {
                "the issuer of the server's certificate is not trusted (`root_certificate_pem()` adds a root)"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet, or the clock of this machine is wrong"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the server's certificate is for another host"
            }
            _ => "the server's certificate cannot be trusted",
        },
        Error::AlertReceived(alert) => match alert {
            Alert::CertificateRequired => "the server requires a client certificate",
            Alert::CertificateExpired => "the server rejected the client certificate: it has expired",
            Alert::CertificateRevoked => "the server rejected the client certificate: it is revoked",
            Alert::UnknownCA => "the server rejected the client certificate: the server does not trust its issuer",
            Alert::ProtocolVersion => "the server supports neither TLS 1.2 nor 1.3",
            Alert::UnrecognisedName => "the server does not know this host name",
            Alert::HandshakeFailure => {
                "the server rejected the TLS handshake: no common cipher suite, or it requires a client certificate"
            }
            _ if refusal(error).is_some() => "the server rejected the client certificate",
            _ => "the server aborted the TLS handshake",
        },
        Error::PeerIncompatible(
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig | PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => "the server supports neither TLS 1.2 nor 1.3",
        Error::InvalidMessage(_) => "the server does not speak TLS on this port",
        _ => "the TLS handshake failed",
    }
}
