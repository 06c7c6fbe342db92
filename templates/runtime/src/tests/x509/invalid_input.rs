//! Tests of invalid input: parsing truncated, changed, deeply nested or large input does not panic or take a long time.

use std::time::{Duration, Instant};

use super::*;

/// Parses inputs. Returns the number of valid inputs, and the number of all inputs.
fn counted(inputs: impl IntoIterator<Item = Vec<u8>>) -> (usize, usize) {
    let results: Vec<bool> = inputs.into_iter().map(|input| Certificates::parse(input).is_ok()).collect();
    (results.iter().filter(|is_ok| **is_ok).count(), results.len())
}

/// Returns the valid inputs that the tests change.
fn seeds() -> Vec<Vec<u8>> {
    let [root, ca, leaf] = chain();
    let elements: [&[u8]; 3] = [&root.der, &leaf.der, &ca.der];
    vec![
        leaf.der.to_vec(),
        pkcs7(&elements, false),
        pkcs7(&elements, true),
        base64(&pkcs7(&elements, true)).into_bytes(),
        CERTIFICATES.into(),
        SIGNED_BER.into(),
    ]
}

#[test]
fn truncated_input_is_error() {
    for seed in &seeds()[..3] {
        let (ok, of) = counted((0..seed.len()).map(|length| seed[..length].to_vec()));
        assert_eq!((ok, of), (0, seed.len()));
    }
    // Truncated base64 is valid only if the missing characters are padding.
    let text = &seeds()[3];
    let (ok, _) = counted((0..text.len()).map(|length| text[..length].to_vec()));
    assert!(ok <= 2, "{ok}");
    // Truncated PEM is valid only if its first block is complete.
    for text in [CERTIFICATES, SIGNED_BER] {
        let end = text.find("-----END ").unwrap();
        let (ok, _) = counted((0..end).map(|length| text[..length].into()));
        assert_eq!(ok, 0);
    }
}

#[test]
fn flipped_bytes_never_panic() {
    for seed in seeds() {
        let flips = (0..seed.len()).flat_map(|index| [0x01, 0x80, 0xff].map(|mask| (index, mask)));
        let (ok, of) = counted(flips.map(|(index, mask)| {
            let mut input = seed.clone();
            input[index] ^= mask;
            input
        }));
        // Parsing only detects some changes, because many affect a value that it does not read.
        assert!(ok < of, "{ok} of {of}");
    }
}

#[test]
fn random_changes_never_panic() {
    let mut random = fastrand::Rng::with_seed(7);
    let seeds = seeds();
    let (ok, of) = counted((0..20_000).map(|_| {
        let mut input = random.choice(&seeds).unwrap().clone();
        for _ in 0..random.usize(1..8) {
            let index = random.usize(..input.len());
            match random.u8(..5) {
                0 => input.truncate(index.max(1)),
                1 => input[index] = random.u8(..),
                // These bytes are special values of lengths in DER. Changed lengths are a common source of errors.
                2 => input[index] = *random.choice([0, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xff].as_slice()).unwrap(),
                3 => drop(input.drain(index..input.len().min(index + random.usize(1..40)))),
                _ => {
                    let piece = input[index..input.len().min(index + 40)].to_vec();
                    input.splice(index..index, piece);
                }
            }
            if input.is_empty() {
                input.push(0x30);
            }
        }
        input
    }));
    assert!(ok > 0 && ok < of / 2, "{ok} of {of}");
}

#[test]
fn length_beyond_input_is_error() {
    for length in
        [&[0x84, 0xff, 0xff, 0xff, 0xff][..], &[0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], &[0xff]]
    {
        for inner in [&[0x06, 9][..], &[0x30], &[0x02], &[]] {
            assert!(Certificates::parse([&[0x30], length, inner].concat()).is_err());
        }
    }
}

#[test]
fn time_is_proportional_to_size() {
    const SIZE: usize = 4 << 20;
    let start = Instant::now();
    let oid = [0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 2];
    let deep = [&[0x30, 0x80][..], &oid, &[0xa0, 0x80].repeat(SIZE / 2)].concat();
    let sequences = [0x30, 0x80].repeat(SIZE / 2);
    let begins = "-----BEGIN CERTIFICATE-----\n".repeat(SIZE / 28);
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".repeat(SIZE / 53);
    let others = "-----BEGIN X-----\n-----END X-----\n".repeat(SIZE / 34);
    for input in [deep, sequences, begins.into(), empty.into(), others.into(), vec![b'A'; SIZE], vec![b'-'; SIZE]] {
        assert!(Certificates::parse(input).is_err());
    }
    // All certificates have the same name, so each may have issued any other. Try more certificates than
    // can be ordered, and exactly the maximum.
    for count in [50_000, 100] {
        let many: String =
            (0..count).map(|serial| pem("CERTIFICATE", &minimal_certificate(&[5, 0], &[5, 0], serial))).collect();
        let certificates = Certificates::parse(many).unwrap();
        assert_eq!((certificates.iter().len(), certificates.leaf()), (count as usize, None));
    }
    // This takes seconds in a debug build. Quadratic time would take hours.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
