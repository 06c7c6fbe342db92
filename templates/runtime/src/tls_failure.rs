//! What a failed TLS handshake means, in words for people who run the program.
//!
//! In: an error with its causes. Out: the reason.

use std::error::Error as StdError;
use std::io;

use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

use super::pieces::FileError;

/// The error of rustls in a chain of causes.
pub fn cause<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Error> {
    find(error)
}

/// The first error of a type in a chain of causes.
pub fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Whether the connection came to its end, and not a file that was to be sent.
pub fn is_end(error: &(dyn StdError + 'static)) -> bool {
    let is_end = |cause: &(dyn StdError + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    };
    causes(error).any(is_end) && !causes(error).any(|cause| cause.is::<FileError>())
}

/// The error and its causes. Errors of I/O do not give what they hold as their source.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// The alerts by which a server refuses the client certificate, or the lack of one.
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

/// The alert, if it is one that is about the client certificate. On its own it does not prove that the server has
/// processed nothing: `http_transport::connection` has the other conditions.
pub fn refusal(error: &Error) -> Option<AlertDescription> {
    match error {
        Error::AlertReceived(alert) if REFUSALS.contains(alert) => Some(*alert),
        _ => None,
    }
}

/// The reason in words; what rustls says of it follows as its cause.
pub fn words(error: &Error) -> &'static str {
    use AlertDescription as Alert;
    match error {
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => {
                "the server's certificate comes from nobody whom this client trusts (`root_certificate_pem()` adds a root)"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the server's certificate is not valid yet, or the clock of this machine is wrong"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the server's certificate is that of another host"
            }
            _ => "the server's certificate cannot be trusted",
        },
        Error::AlertReceived(alert) => match alert {
            Alert::CertificateRequired => "the server demands a client certificate",
            Alert::CertificateExpired => "the server refuses the client certificate: it has expired",
            Alert::CertificateRevoked => "the server refuses the client certificate: it is revoked",
            Alert::UnknownCA => "the server refuses the client certificate: it does not trust its issuer",
            Alert::ProtocolVersion => "the server speaks neither TLS 1.2 nor 1.3",
            Alert::UnrecognisedName => "the server knows no host of this name",
            Alert::HandshakeFailure => {
                "the server refuses the TLS handshake: it has no cipher in common, or demands a client certificate"
            }
            _ if refusal(error).is_some() => "the server refuses the client certificate",
            _ => "the server broke the TLS handshake off",
        },
        Error::PeerIncompatible(
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig | PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => "the server speaks neither TLS 1.2 nor 1.3",
        Error::InvalidMessage(_) => "what answers on this port does not speak TLS",
        _ => "the TLS handshake failed",
    }
}
