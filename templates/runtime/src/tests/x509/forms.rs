//! Tests of every format of certificates, and of the errors for other input.

use std::slice::from_ref;

use super::*;
use crate::runtime::x509::CertificateError;

#[test]
fn every_format_gives_same_certificates() {
    let [root, ca, leaf] = chain();
    let expected = [leaf.der.clone(), ca.der.clone(), root.der.clone()];
    let set = pkcs7(&[&root.der, &leaf.der, &ca.der], false);
    let ber = pkcs7(&[&ca.der, &root.der, &leaf.der], true);
    let list = [&ca, &leaf, &root].map(|party| pem("CERTIFICATE", &party.der)).concat();
    let wrapped = base64(&set).as_bytes().chunks(76).map(|line| [line, b"\r\n"].concat()).collect::<Vec<_>>().concat();
    let rows: [(&str, Vec<u8>); 15] = [
        ("PEM", list.clone().into()),
        ("PEM with CRLF line breaks", list.replace('\n', "\r\n").into()),
        ("PEM without line breaks", list.replace('\n', "").into()),
        ("PEM with another label", list.replace("CERTIFICATE", "X509 CERTIFICATE").into()),
        ("PEM surrounded by text", format!("Bag: \"a\\b\"\n{list}\nfriendlyName: x\n").into()),
        ("PEM with a byte order mark", [b"\xef\xbb\xbf", list.as_bytes()].concat()),
        ("PEM of headers", list.replace("E-----\nMII", "E-----\nX-Note: a\n b\n\nMII").into()),
        ("base64 of PEM", base64(list.as_bytes()).into()),
        ("PKCS#7", set.clone()),
        ("PKCS#7 with indefinite lengths", ber.clone()),
        ("base64 of PKCS#7", base64(&set).into()),
        ("base64 of PKCS#7 with line breaks", wrapped),
        ("base64 of PKCS#7 without padding", format!(" \n{}\n", base64(&ber).trim_end_matches('=')).into()),
        ("PEM of PKCS#7", pem("PKCS7", &set).into()),
        ("PEM of CMS", pem("CMS", &ber).into()),
    ];
    for (format, input) in rows {
        assert_eq!(parsed(&input), expected, "{format}");
    }
    // The format is detected by the content of the PEM block, not by its label.
    assert_eq!(parsed(pem("CERTIFICATE", &set)), expected);
    for single in [leaf.der.to_vec(), base64(&leaf.der).into(), pem("CERTIFICATE", &leaf.der).into()] {
        assert_eq!(parsed(single), from_ref(&leaf.der));
    }
}

#[test]
fn openssl_output_is_parsed() {
    let certificates = Certificates::parse(CERTIFICATES).unwrap();
    assert_eq!(format!("{certificates:?}"), "Certificates(3, chain of 3)");
    for input in [PKCS7, SIGNED_BER] {
        assert_eq!(Certificates::parse(input).unwrap(), certificates);
    }
    assert_eq!(Certificates::parse(OPENSSL_TEXT).unwrap().leaf(), certificates.leaf());
    // The PEM of parsed certificates has the same blocks as the output of OpenSSL.
    let root = &certificates.chain()[2];
    assert!(CERTIFICATES.starts_with(&Certificates::parse(root).unwrap().to_pem()));
    assert_eq!(Certificates::parse(certificates.to_pem()).unwrap(), certificates);
}

#[test]
fn version_1_certificate_of_spec_is_parsed() {
    // The example of the certificate import in the spec of DigiCert ONE.
    let first = "MIIBKDCBzwIUE4qBdOoLX8BHhp+KGZQZcKnlcaQwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRWxsZW4gUmlwbGV5MB4XDTI2MTEyMjAy\
                 NDAyNFoXDTI3MTEyMjAyNDAyNFowFzEVMBMGA1UEAwwMRWxsZW4gUmlwbGV5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/3WltmQw\
                 5/fwfmV19ASgZq6bcgZcTjBraxyfGx6stl1YMqsJmo3e+Fb1Fgli04LmcCgX5x0mvKTzhAPvNUoDyTAKBggqhkjOPQQDAgNIADBFAiAe\
                 0dWDydau4TK7MGwKMNg9GjJATWviDgvNv0yIMakiEQIhAMu0RXh+P8UGH3yGRlcmFM7OXtMNhu3jxMHghBHJwTsk";
    assert_eq!(parsed(first).len(), 1);
}

#[test]
fn private_key_is_ignored() {
    let [_, _, leaf] = chain();
    let key = leaf.key.serialize_pem();
    // Keys are not parsed, so an invalid key is ignored too.
    let broken_key = key.replace("MIG", "!!!");
    for key in [&key, &broken_key] {
        assert_eq!(parsed(format!("{key}{}", pem("CERTIFICATE", &leaf.der))), from_ref(&leaf.der));
    }
    let error = Certificates::parse(format!("{key}{REQUEST}{key}")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the input contains no certificate, but PEM blocks with other labels: PRIVATE KEY, CERTIFICATE REQUEST"
    );
}

#[test]
fn duplicate_certificate_is_removed() {
    let [root, ca, leaf] = chain();
    let twice = pkcs7(&[&leaf.der, &ca.der, &leaf.der], false);
    let all = Certificates::parse(twice).unwrap().and(Certificates::parse(&root.der).unwrap());
    let all = all.and(Certificates::parse(&leaf.der).unwrap());
    assert_eq!(all.into_vec(), [leaf.der, ca.der, root.der]);
}

#[test]
fn other_pkcs7_elements_are_skipped() {
    let [_, _, leaf] = chain();
    let attribute = element(0xa2, &[5, 0], false);
    for indefinite in [false, true] {
        let other = element(0xa3, &[0x30, 0], indefinite);
        assert_eq!(parsed(pkcs7(&[&attribute, &leaf.der, &other], indefinite)), from_ref(&leaf.der));
    }
    assert_eq!(error(pkcs7(&[&attribute], false)), "the input contains no certificate");
    assert_eq!(error(pkcs7(&[], true)), "the input contains no certificate");
}

#[test]
fn error_names_cause_and_position() {
    let [root, _, leaf] = chain();
    let good = pem("CERTIFICATE", &leaf.der);
    let second = good.len();
    let json = serde_json::to_string(&good).unwrap();
    let inner = &json[1..json.len() - 1];
    let cut = pem("CERTIFICATE", &leaf.der[..100]);
    let length = leaf.der.len();
    let rows = [
        ("", "the input is empty; expected certificates".to_owned()),
        (" \r\n", "the input is empty; expected certificates".to_owned()),
        // The input is a JSON string that was not decoded. The cases are PEM without the quotes, and base64 with and
        // without the quotes.
        (
            inner,
            "PEM block 1: byte 27 is `\\\\`: the input is a JSON string with quotes or escapes; decode the JSON first"
                .to_owned(),
        ),
        (
            "\"TUlJ\"",
            "byte 0 is `\\\"`: the input is a JSON string with quotes or escapes; decode the JSON first".to_owned(),
        ),
        (
            "TUlJ\\r\\nTUlJ",
            "byte 4 is `\\\\`: the input is a JSON string with quotes or escapes; decode the JSON first".to_owned(),
        ),
        ("<html>", "byte 0 is `<`, which is not base64, and there is no PEM block".to_owned()),
        ("MIIB\u{e4}", "byte 4 is `\\xc3`, which is not base64, and there is no PEM block".to_owned()),
        ("  MIIBK", "the base64 data that begins at byte 2 is truncated".to_owned()),
        ("MII=BKA=", "the base64 data that begins at byte 0 continues after the padding".to_owned()),
        ("aGVsbG8=", "the content is neither a certificate nor PKCS#7: byte 0 of the DER: ".to_owned()),
        (
            &format!("{good}{}", good.replace("MII", "M!I")),
            format!("PEM block 2: byte {} is `!`, which is not base64", second + 29),
        ),
        (
            &format!("{good}{cut}"),
            "PEM block 2: the content is neither a certificate nor PKCS#7: byte 100 of the DER: ".to_owned(),
        ),
        (
            &format!("{good}-----BEGIN CERTIFICATE-----\nMIIB"),
            format!("PEM block 2, which begins at byte {second}, has no END line"),
        ),
        (&good.replace("-----END", "----END"), "PEM block 1, which begins at byte 0, has no END line".to_owned()),
        (
            &format!("{}{good}", &good[..100]),
            "PEM block 1, which begins at byte 0, has no END line before the next block begins".to_owned(),
        ),
        (
            &good.replace("END CERTIFICATE", "END PKCS7"),
            "PEM block 1, which begins at byte 0, has different labels in its BEGIN and END lines".to_owned(),
        ),
        (
            "x -----BEGIN CERTIFICATE\nMIIB",
            "PEM block 1, which begins at byte 2, has no valid label, or no dashes, in its BEGIN line".to_owned(),
        ),
        (
            PKCS12,
            "the content is PKCS#12 or a private key, not a certificate (PKCS#12 is encrypted and requires a password)"
                .to_owned(),
        ),
        (
            &base64(&leaf.key.serialize_der()),
            "the content is PKCS#12 or a private key, not a certificate (PKCS#12 is encrypted and requires a password)"
                .to_owned(),
        ),
        (
            ENVELOPED,
            "PEM block 1: the content is a PKCS#7 message without certificates: it is not signed data".to_owned(),
        ),
        (
            REQUEST,
            "the input contains no certificate, but PEM blocks with other labels: CERTIFICATE REQUEST".to_owned(),
        ),
        (
            &REQUEST.replace("CERTIFICATE REQUEST", "CERTIFICATE"),
            "PEM block 1: the content is neither a certificate nor PKCS#7: byte ".to_owned(),
        ),
    ];
    for (input, expected) in rows {
        let actual = error(input);
        let matches = if expected.ends_with(' ') { actual.starts_with(&expected) } else { actual == expected };
        assert!(matches, "{input}\n{actual}\n{expected}");
    }
    // There is data after the certificate.
    let trailing = Certificates::parse([&leaf.der[..], b"\n"].concat()).unwrap_err();
    assert!(matches!(trailing, CertificateError::Der { block: None, byte, .. } if byte == length), "{trailing:?}");
    // In PKCS#7, the byte offset in the error is relative to the start of the message, not of the certificate.
    let mut broken = leaf.der.to_vec();
    broken[4] = 0x31;
    let message = pkcs7(&[&root.der, &broken], false);
    let at = message.windows(broken.len()).position(|window| window == broken).unwrap() + 4;
    let error = Certificates::parse(&message).unwrap_err();
    assert!(matches!(error, CertificateError::Der { block: None, byte, .. } if byte == at), "{at} {error:?}");
}

#[test]
fn ber_certificate_within_pkcs7_is_error() {
    let [root, _, leaf] = chain();
    // A certificate is signed in DER. In BER with an indefinite length, its bytes differ from the signed bytes.
    let ber = element(0x30, &leaf.der[4..], true);
    let message = pkcs7(&[&ber, &root.der], true);
    let at = message.windows(ber.len()).position(|window| window == ber).unwrap();
    let error = Certificates::parse(message).unwrap_err();
    assert!(matches!(error, CertificateError::Der { byte, .. } if byte == at), "{at} {error:?}");
}

#[test]
fn error_quotes_no_input() {
    let secret = "-----BEGIN SECRET\u{202e}hunter2-----\nhunter2\n-----END SECRET\u{202e}hunter2-----";
    let long = format!("-----BEGIN {}-----\nhunter2", "x".repeat(10_000));
    for input in [secret, &long, "hunter2!hunter2", "-----BEGIN CERTIFICATE-----\nhunter2!\n-----END CERTIFICATE-----"]
    {
        let error = Certificates::parse(input).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
}
