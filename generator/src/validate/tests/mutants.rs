//! Random changes of valid documents: removed, renamed and replaced values. No change causes a panic, and a repaired
//! document is valid.

use super::{SAMPLES, read};
use crate::diagnostics::{Diagnostics, Severity};
use crate::source::{Mapping, Node, NodeKind, Number};
use crate::validate::{Version, check, repair};

const V3_0: &str = include_str!("../../../../specs/keyfactor-command.yaml");

/// The number of mutants per document.
const MUTANTS: usize = 600;
/// One in this many mutants is also repaired. Repairing every mutant would take too long.
const REPAIRED: usize = 4;

/// A pseudo-random number generator (SplitMix64), so that the mutants are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((value ^ (value >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Counts the properties and items of a node and of all nodes in it.
fn places(node: &Node) -> usize {
    let values = node.entries().iter().map(|entry| &entry.value).chain(node.elements());
    values.map(|value| 1 + places(value)).sum()
}

/// Changes the property or item with the number `place`, in the order in which `places` counts. If the node has no
/// place with this number, returns an error with `place` minus the number of places in the node.
fn change(node: &mut Node, mut place: usize, random: &mut Random) -> Result<(), usize> {
    let count = node.entries().len() + node.elements().len();
    for position in 0..count {
        let child = node.entries().get(position).map(|entry| &entry.value).or_else(|| node.elements().get(position));
        let inside = places(child.unwrap());
        if place == 0 {
            change_child(node, position, random);
            return Ok(());
        }
        if place <= inside {
            let child = match &mut node.kind {
                NodeKind::Mapping(mapping) => mapping.values_mut().nth(position).unwrap(),
                NodeKind::Sequence(elements) => &mut elements[position],
                _ => unreachable!(),
            };
            return change(child, place - 1, random);
        }
        place -= 1 + inside;
    }
    Err(place)
}

fn change_child(node: &mut Node, position: usize, random: &mut Random) {
    let span = node.span;
    match &mut node.kind {
        NodeKind::Sequence(elements) => match random.below(3) {
            0 => drop(elements.remove(position)),
            1 => elements.push(elements[position].clone()),
            _ => elements[position].kind = value(random, &elements[position].clone()),
        },
        NodeKind::Mapping(mapping) => {
            let mut entries = std::mem::take(mapping).into_entries();
            match random.below(4) {
                0 => drop(entries.remove(position)),
                1 => entries[position].key.push('x'),
                2 => drop(entries[position].key.pop()),
                _ => entries[position].value.kind = value(random, &entries[position].value.clone()),
            }
            *mapping = Mapping::default();
            for entry in entries {
                let _ = mapping.insert(entry.key, span, entry.value);
            }
        }
        _ => unreachable!(),
    }
}

/// Returns a value of any type.
fn value(random: &mut Random, old: &Node) -> NodeKind {
    let string = |text: &str| NodeKind::String(text.to_owned());
    match random.below(14) {
        0 => NodeKind::Null,
        1 => NodeKind::Bool(random.below(2) == 0),
        2 => NodeKind::Number(Number { text: "-1.5".to_owned() }),
        3 => NodeKind::Number(Number { text: "9".repeat(40) }),
        4 => NodeKind::Sequence(Vec::new()),
        5 => NodeKind::Sequence(vec![old.clone(), old.clone()]),
        6 => NodeKind::Mapping(Mapping::default()),
        7 => {
            let mut mapping = Mapping::default();
            mapping.insert("$ref".to_owned(), old.span, Node { span: old.span, kind: string("#/paths") }).unwrap();
            NodeKind::Mapping(mapping)
        }
        8 => string(""),
        9 => string("#"),
        10 => string("#/components/schemas/Seat"),
        11 => string("{"),
        12 => string("array"),
        _ => string("a b"),
    }
}

#[test]
fn repair_removes_reported_errors_of_mutants() {
    for (version, sample) in SAMPLES.into_iter().chain([(Version::V3_0, V3_0)]) {
        let document = read(sample);
        let places = places(&document.root);
        let mut random = Random(7);
        let mut invalid = 0;
        for number in 0..MUTANTS {
            let mut mutant = document.clone();
            for _ in 0..=random.below(2) {
                let place = random.below(places);
                // A change may remove the place that the next change selects.
                let _ = change(&mut mutant.root, place, &mut random);
            }
            let mut strict = Diagnostics::new();
            check(&mutant, version, &mut strict);
            invalid += usize::from(strict.has_errors());
            if number % REPAIRED != 0 {
                continue;
            }
            let text = mutant.root.to_json_text();
            let mut lenient = Diagnostics::new();
            repair(&mut mutant, version, &mut lenient);
            if !lenient.has_errors() {
                let mut again = Diagnostics::new();
                check(&mutant, version, &mut again);
                let errors: Vec<_> = again.sorted().into_iter().filter(|one| one.severity == Severity::Error).collect();
                let unrepaired: Vec<_> = errors.iter().filter(|one| is_repaired(&lenient, one)).collect();
                assert!(unrepaired.is_empty(), "{version}, mutant {number}: {unrepaired:?}\n{text}");
            }
        }
        assert!(invalid > MUTANTS / 3, "{version}: {invalid} invalid mutants");
    }
}

/// Returns whether lenient mode repaired an error, instead of accepting it unchanged.
fn is_repaired(lenient: &Diagnostics, error: &crate::diagnostics::Diagnostic) -> bool {
    !lenient.sorted().iter().any(|one| one.code == error.code && one.message == error.message)
}
