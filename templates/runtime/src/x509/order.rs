//! Ordering of certificates as a chain: the leaf first, and each certificate followed by its issuer. Issuers are found
//! by names and key identifiers.

use rustls::pki_types::CertificateDer;

use super::certificate::Certificate;

/// The maximum number of certificates to order, since the work grows with the square of their number.
const MAX_CERTIFICATES: usize = 100;

/// Orders certificates. Returns the ordered certificates and the length of the chain at their beginning, which is 0 if
/// there is no unique leaf.
pub fn ordered(certificates: Vec<CertificateDer<'static>>) -> (Vec<CertificateDer<'static>>, usize) {
    if certificates.len() > MAX_CERTIFICATES {
        return (certificates, 0);
    }
    let chain = {
        let read: Vec<_> = certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
        // Cannot fail: the certificates were parsed before.
        if read.len() == certificates.len() { chain(&read) } else { Vec::new() }
    };
    let length = chain.len();
    let mut slots: Vec<_> = certificates.into_iter().map(Some).collect();
    let mut ordered: Vec<_> =
        chain.into_iter().filter_map(|index| slots.get_mut(index).and_then(Option::take)).collect();
    ordered.extend(slots.into_iter().flatten());
    (ordered, length)
}

/// Returns the indices of the leaf and its issuers, in order; empty if there is no unique leaf.
fn chain(certificates: &[Certificate<'_>]) -> Vec<usize> {
    let issued_another = |index: usize, issuer: &Certificate<'_>| {
        certificates.iter().enumerate().any(|(other, issued)| other != index && issuer.can_have_issued(issued))
    };
    let mut leaves = certificates.iter().enumerate().filter(|(index, leaf)| !issued_another(*index, leaf));
    let (Some((leaf, mut last)), None) = (leaves.next(), leaves.next()) else { return Vec::new() };
    let mut chain = vec![leaf];
    while !last.can_have_issued(last) {
        let issuers = || {
            let rest = certificates.iter().enumerate().filter(|(index, _)| !chain.contains(index));
            rest.filter(|(_, issuer)| issuer.can_have_issued(last))
        };
        // If there is both a self-signed and a cross-signed certificate of a root, the chain continues with the
        // cross-signed one.
        let next = issuers().find(|(_, issuer)| !issuer.can_have_issued(issuer)).or_else(|| issuers().next());
        let Some((index, issuer)) = next else { break };
        chain.push(index);
        last = issuer;
    }
    chain
}
