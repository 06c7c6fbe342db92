//! The order of a chain, whatever order it comes in.

use rcgen::KeyPair;

use super::*;

/// All orders of a list.
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
    let members: Vec<&[u8]> = list.iter().map(|der| der.as_ref()).collect();
    Certificates::parse(pkcs7(&members, false)).unwrap()
}

#[test]
fn the_leaf_comes_first_and_each_issuer_behind_what_it_issued() {
    let [root, ca, leaf] = chain();
    let expected = [leaf.der.clone(), ca.der.clone(), root.der.clone()];
    for order in permutations(&expected) {
        let certificates = joined(&order);
        assert_eq!((certificates.chain(), certificates.leaf()), (&expected[..], Some(&leaf.der)));
    }
    // Without the root, and with what has nothing to do with it but was issued by it.
    for order in permutations(&expected[..2]) {
        assert_eq!(joined(&order).into_vec(), expected[..2]);
    }
}

#[test]
fn issuers_of_one_name_are_told_apart_by_their_keys() {
    let root = Party::root("root");
    let [old, new] = [(); 2].map(|()| root.issue("issuing ca", true));
    let leaf = new.issue("leaf", false);
    // The old CA issued none of them either, so the leaf cannot be told; it stays where it was.
    let stray = [old.der.clone(), leaf.der.clone(), new.der.clone(), root.der.clone()];
    assert_eq!(joined(&stray).leaf(), None);
    assert_eq!(joined(&stray).into_vec(), stray);
    // With a certificate of its own, there are two leaves.
    let other = old.issue("other", false);
    for order in permutations(&[leaf.der.clone(), other.der.clone(), new.der.clone()]) {
        assert_eq!(joined(&order).into_vec(), order);
    }
}

#[test]
fn a_root_that_another_root_signed_leads_on() {
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
fn where_no_leaf_can_be_told_they_stay_as_they_came() {
    let roots: Vec<Der> = ["b", "a", "c"].map(|name| Party::root(name).der).to_vec();
    let certificates = joined(&roots);
    assert_eq!((certificates.leaf(), certificates.chain().len()), (None, 0));
    assert_eq!(certificates.iter().cloned().collect::<Vec<_>>(), roots);
    // A single one is its own leaf, even where it signed itself.
    assert_eq!(joined(&roots[..1]).leaf(), Some(&roots[0]));
}

#[test]
fn a_hundred_are_a_chain_and_more_are_not() {
    let name = |number: u8| [0x02, 1, number];
    for (length, expected) in [(100, 100), (101, 0)] {
        let list: Vec<Der> = (0..length).map(|number| bare(&name(number), &name(number + 1), 0)).collect();
        let certificates = joined(&list);
        assert_eq!(certificates.chain().len(), expected);
        let first = if expected == 0 { list.first() } else { list.last() };
        assert_eq!(certificates.iter().next(), first);
    }
}

#[test]
fn an_empty_name_is_nobodys() {
    // Certificates of devices may say who they are in other places; that makes them nobody's issuer.
    let nameless = bare(&[5, 0], &[], 1);
    let odd = bare(&[], &[6, 0], 2);
    let issuer = bare(&[7, 0], &[5, 0], 3);
    assert_eq!(joined(&[nameless.clone(), issuer.clone()]).leaf(), Some(&nameless));
    assert_eq!(joined(&[nameless, issuer, odd]).leaf(), None);
}
