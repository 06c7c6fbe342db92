//! Issues a certificate once, even if the response is lost: searches for the certificate after a lost response, and
//! sends the request again only if the certificate does not exist.
//!
//! The client does not retry a POST whose outcome is unknown, since the certificate may have been issued. The public
//! key of the request identifies the certificate.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki_clients::digicert_mpki::models::{IssueCertificateRequest, SearchStatus};
use pki_clients::digicert_mpki::{Client, Error};

/// The number of searches for the certificate before the request is sent again.
const SEARCHES: u32 = 5;

/// The attributes that identify the certificate of a request.
pub struct Criteria<'a> {
    /// The seat that the certificate is issued to.
    pub seat_id: &'a str,
    /// The common name of the certificate.
    pub common_name: &'a str,
    /// The public key, as encoded in the certificate. It identifies the certificate: if there are several certificates
    /// with this key, any of them can be used.
    pub public_key: &'a [u8],
}

/// Issues the certificate, or finds the one already issued, and returns its PEM. `pause` is the delay between two
/// searches. It must be so long that all searches together last longer than the server may need to finish a request
/// whose client has disconnected.
pub async fn issue_once(
    client: &Client,
    request: IssueCertificateRequest,
    criteria: &Criteria<'_>,
    pause: Duration,
) -> Result<Option<String>, Error> {
    match client.certificates().issue(request.clone()).send().await {
        Ok(issued) => return Ok(issued.certificate),
        Err(error) if !is_outcome_unknown(&error) => return Err(error),
        Err(_) => {}
    }
    for search in 0..SEARCHES {
        if search > 0 {
            tokio::time::sleep(pause).await;
        }
        if let Some(certificate) = find(client, criteria).await? {
            return Ok(Some(certificate));
        }
    }
    let issued = client.certificates().issue(request).send().await?;
    Ok(issued.certificate)
}

/// Returns whether the request may have been sent, and no 4XX response rejected it.
fn is_outcome_unknown(error: &Error) -> bool {
    error.may_have_been_sent() && !error.status().is_some_and(|status| status.is_client_error())
}

/// Returns the PEM of the certificate with this key, if it exists.
async fn find(client: &Client, criteria: &Criteria<'_>) -> Result<Option<String>, Error> {
    let certificates = client.certificates();
    let search = certificates.search().seat_id(criteria.seat_id).common_name(criteria.common_name);
    let mut candidates = search.status(SearchStatus::Issued).limit(100).items();
    while let Some(candidate) = candidates.try_next().await? {
        let Some(serial_number) = candidate.serial_number else { continue };
        let details = certificates.get(serial_number).send().await?;
        if let Some(pem) = details.certificate.filter(|pem| has_key(pem, criteria.public_key)) {
            return Ok(Some(pem));
        }
    }
    Ok(None)
}

/// Returns whether a PEM certificate has this key.
fn has_key(pem: &str, public_key: &[u8]) -> bool {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(base64).unwrap_or_default();
    der.windows(public_key.len()).any(|bytes| bytes == public_key)
}
