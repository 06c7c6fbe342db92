//! Tests of the order of certificates in a chain.

use rcgen::KeyPair;

use super::*;

/// Returns all permutations of a list.
fn permutations(list: &[Der]) -> Vec<Vec<Der>> {
    if list.is_empty() {
        return vec![Vec::new()];
    }
    let with = |index: usize| {
        let mut rest = list.to_vec();
        let first = rest.remove(index);
        permutations(&rest).into_iter().map(move |rest| [vec![first.clone()], rest].concat())
    };
    (0..list.len()).flat_map(with).collect()
}

fn joined(list: &[Der]) -> Certificates {
    let elements: Vec<&[u8]> = list.iter().map(|der| der.as_ref()).collect();
    Certificates::parse(pkcs7(&elements, false)).unwrap()
}

#[test]
fn leaf_is_first_and_issuer_follows() {
    let [root, ca, leaf] = chain();
    let expected = [leaf.der.clone(), ca.der.clone(), root.der.clone()];
    for order in permutations(&expected) {
        let certificates = joined(&order);
        assert_eq!((certificates.chain(), certificates.leaf()), (&expected[..], Some(&leaf.der)));
    }
    // Without the root, the order is also correct.
    for order in permutations(&expected[..2]) {
        assert_eq!(joined(&order).into_vec(), expected[..2]);
    }
}

#[test]
fn issuers_of_same_name_are_distinguished_by_key() {
    let root = Party::root("root");
    let [old, new] = [(); 2].map(|()| root.issue("issuing ca", true));
    let leaf = new.issue("leaf", false);
    // The old CA issued none of these certificates either, so it may also be the leaf. The leaf is ambiguous, and the
    // order is preserved.
    let stray = [old.der.clone(), leaf.der.clone(), new.der.clone(), root.der.clone()];
    assert_eq!(joined(&stray).leaf(), None);
    assert_eq!(joined(&stray).into_vec(), stray);
    // With a certificate issued by the old CA, there are two leaves.
    let other = old.issue("other", false);
    for order in permutations(&[leaf.der.clone(), other.der.clone(), new.der.clone()]) {
        assert_eq!(joined(&order).into_vec(), order);
    }
}

#[test]
fn cross_signed_root_extends_chain() {
    let [first, second] = ["first root", "second root"].map(Party::root);
    let key = || KeyPair::try_from(second.key.serialize_der()).unwrap();
    let cross = first.certify("second root", true, key());
    let leaf = second.issue("leaf", false);
    let expected = [leaf.der, cross.der, first.der, second.der];
    for order in permutations(&expected) {
        let certificates = joined(&order);
        assert_eq!(certificates.chain(), &expected[..3]);
        assert_eq!(certificates.into_vec(), expected);
    }
}

#[test]
fn ambiguous_leaf_keeps_order() {
    let roots: Vec<Der> = ["b", "a", "c"].map(|name| Party::root(name).der).to_vec();
    let certificates = joined(&roots);
    assert_eq!((certificates.leaf(), certificates.chain().len()), (None, 0));
    assert_eq!(certificates.iter().cloned().collect::<Vec<_>>(), roots);
    // A single certificate is the leaf, even if it is self-signed.
    assert_eq!(joined(&roots[..1]).leaf(), Some(&roots[0]));
}

#[test]
fn chain_has_at_most_100_certificates() {
    let name = |number: u8| [0x02, 1, number];
    for (length, expected) in [(100, 100), (101, 0)] {
        let list: Vec<Der> =
            (0..length).map(|number| minimal_certificate(&name(number), &name(number + 1), 0)).collect();
        let certificates = joined(&list);
        assert_eq!(certificates.chain().len(), expected);
        let first = if expected == 0 { list.first() } else { list.last() };
        assert_eq!(certificates.iter().next(), first);
    }
}

#[test]
fn empty_name_matches_no_issuer() {
    // Certificates of devices may have an empty subject. This does not make them issuers of certificates with an empty
    // issuer.
    let nameless = minimal_certificate(&[5, 0], &[], 1);
    let odd = minimal_certificate(&[], &[6, 0], 2);
    let issuer = minimal_certificate(&[7, 0], &[5, 0], 3);
    assert_eq!(joined(&[nameless.clone(), issuer.clone()]).leaf(), Some(&nameless));
    assert_eq!(joined(&[nameless, issuer, odd]).leaf(), None);
}
