//! The order of a chain.
//!
//! In: certificates in any order, since those of PKCS#7 are a set. Out: the same, the leaf first and each issuer behind
//! what it issued, as far as names and key identifiers tell.

use rustls::pki_types::CertificateDer;

use super::certificate::Certificate;

/// More certificates than this are no chain. It keeps the work small: each is held against each.
const LONGEST_SET: usize = 100;

/// The certificates in order, and how many of them are the chain of the leaf: none where the leaf cannot be told.
pub fn ordered(certificates: Vec<CertificateDer<'static>>) -> (Vec<CertificateDer<'static>>, usize) {
    if certificates.len() > LONGEST_SET {
        return (certificates, 0);
    }
    let chain = {
        let read: Vec<_> = certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
        // Whatever was read once can be read again.
        if read.len() == certificates.len() { chain(&read) } else { Vec::new() }
    };
    let length = chain.len();
    let mut places: Vec<_> = certificates.into_iter().map(Some).collect();
    let mut ordered: Vec<_> =
        chain.into_iter().filter_map(|index| places.get_mut(index).and_then(Option::take)).collect();
    ordered.extend(places.into_iter().flatten());
    (ordered, length)
}

/// The indices of the leaf and of its issuers, one after the other.
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
        // Where a root is there in two forms, the one that another root signed leads on.
        let next = issuers().find(|(_, issuer)| !issuer.can_have_issued(issuer)).or_else(|| issuers().next());
        let Some((index, issuer)) = next else { break };
        chain.push(index);
        last = issuer;
    }
    chain
}
