#!/usr/bin/env python3
"""Makes the kept pack of SAML responses and metadata again: `python3 vectors/saml/pack.py`.

The files are kept, so a test run needs neither this script nor a signer. It is here so that anybody
can see how each file came to be. Signatures are made by `xmlsec1`, which has never seen our code;
what an attacker would do to a signed file is done to its text afterwards. The keys are for tests
only and sign for nobody.
"""

import base64
import pathlib
import re
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
RECIPIENT = "https://id.example.com/saml"
AUDIENCE = "urn:amazon:webservices"
ENTITY = "https://idp.example.com/metadata"
NOW, LATER, EARLIER = "2026-06-01T12:00:00Z", "2026-06-01T12:05:00Z", "2026-06-01T11:55:00Z"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
ENC = "http://www.w3.org/2001/04/xmlenc#"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
ROLE = "https://aws.amazon.com/SAML/Attributes/Role"

VERDICTS = []


def transform(algorithm, inside=""):
    tag = f'ds:Transform Algorithm="{algorithm}"'
    return f"<{tag}>{inside}</ds:Transform>" if inside else f"<{tag}/>"


USUAL = transform(ENVELOPED) + transform(EXCLUSIVE)


def prefixes(names):
    return f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{names}"/>'


def template(to, method=MORE + "rsa-sha256", digest=ENC + "sha256", transforms=USUAL,
             c14n=EXCLUSIVE, c14n_inside="", key_info="", method_inside="", extra_reference="",
             attributes="", more=""):
    """A signature to be filled in."""
    return (
        f'<ds:Signature xmlns:ds="{DSIG}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{c14n}">{c14n_inside}</ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="{method}">{method_inside}</ds:SignatureMethod>'
        f'<ds:Reference URI="{to}"{attributes}><ds:Transforms>{transforms}</ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>{extra_reference}'
        f'</ds:SignedInfo><ds:SignatureValue/>{key_info}{more}</ds:Signature>'
    )


def attribute(name, *values):
    inside = "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
    return f'<saml:Attribute Name="{name}">{inside}</saml:Attribute>'


ATTRIBUTES = attribute("mail", "ana@example.com") + attribute("groups", "staff", "admins")


def conditions(audience=AUDIENCE, inside=None, window=f'NotBefore="{NOW}" NotOnOrAfter="{LATER}"'):
    if inside is None:
        inside = (f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>"
                  "</saml:AudienceRestriction>")
    return f"<saml:Conditions {window}>{inside}</saml:Conditions>"


def confirmation(recipient=f'Recipient="{RECIPIENT}"', until=f'NotOnOrAfter="{LATER}"',
                 method=BEARER):
    return (f'<saml:SubjectConfirmation Method="{method}"><saml:SubjectConfirmationData {recipient} '
            f'{until}/></saml:SubjectConfirmation>')


def subject(name="ana@example.com", confirmed=None, name_id=None):
    if name_id is None:
        name_id = ('<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'
                   f"{name}</saml:NameID>")
    return f"<saml:Subject>{name_id}{confirmation() if confirmed is None else confirmed}</saml:Subject>"


def assertion(signature="", id="_a1", issuer=ENTITY, who=None, when=None, attributes=ATTRIBUTES,
              issued=NOW, version="2.0", session="", root="", after="", statement=None):
    if statement is None:
        statement = f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>"
    return (
        f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" '
        f'Version="{version}" IssueInstant="{issued}"{root}><saml:Issuer>{issuer}</saml:Issuer>'
        f"{signature}{subject() if who is None else who}{conditions() if when is None else when}"
        f'<saml:AuthnStatement AuthnInstant="{NOW}"{session}><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        f"{statement}{after}</saml:Assertion>"
    )


def response(inside, signature="", status=SUCCESS, root="", extensions="", version="2.0",
             issuer=f'<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{ENTITY}'
                    "</saml:Issuer>"):
    return (
        f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" '
        f'Version="{version}" IssueInstant="{NOW}"{root}>{issuer}{signature}{extensions}'
        f'<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status>{inside}</samlp:Response>'
    )


def sign(document, key="idp", secret=None, which=None):
    """Fills in one signature, by xmlsec1: the first one, or the one of a parent."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.xml"), pathlib.Path(folder, "out.xml")
        source.write_bytes(document.encode())
        keys = ["--privkey-pem", str(HERE / f"keys/test-only-{key}.key")]
        if secret:
            file = pathlib.Path(folder, "secret")
            file.write_bytes(secret)
            keys = ["--hmackey", str(file)]
        path = ["--node-xpath", f"//*[local-name()='{which}']/*[local-name()='Signature']"]
        names = ["urn:oasis:names:tc:SAML:2.0:assertion:Assertion",
                 "urn:oasis:names:tc:SAML:2.0:protocol:Response"]
        ids = [part for name in names for part in ("--id-attr:ID", name)]
        subprocess.run(["xmlsec1", "--sign", *keys, *ids, *(path if which else []),
                        "--output", str(target), str(source)], check=True, capture_output=True)
        text = target.read_text()
    # The signer writes a declaration and ends lines; the documents are kept as they were given.
    return re.sub(r"^<\?xml[^>]*\?>\n", "", text).rstrip("\n")


def keep(name, document, verdict, xmlsec1="good", bergshamra="good", why=""):
    path = HERE / "responses" / f"{name}.xml"
    path.write_bytes(document if isinstance(document, bytes) else document.encode())
    VERDICTS.append((f"{name}.xml", verdict, xmlsec1, bergshamra, why))


def ok(name, document, who="ana@example.com", **oracles):
    keep(name, document, f"ok {who}", **oracles)


def no(name, document, reason, xmlsec1="good", bergshamra="good", why=""):
    keep(name, document, f"saml.{reason}", xmlsec1, bergshamra, why)


OF_ASSERTION = dict(which="Assertion")


def signed(key="idp", to="#_a1", **kind):
    """A response whose assertion is signed; what is named goes to the assertion or the template."""
    of_template = {name: kind.pop(name) for name in list(kind) if name in template.__kwdefaults_names__}
    outer = {name: kind.pop(name) for name in list(kind) if name.startswith("response_")}
    outer = {name.removeprefix("response_"): value for name, value in outer.items()}
    return sign(response(assertion(template(to, **of_template), **kind), **outer), key)


template.__kwdefaults_names__ = {"method", "digest", "transforms", "c14n", "c14n_inside", "key_info",
                                 "method_inside", "extra_reference", "more"}


def certificate(name):
    text = (HERE / f"keys/test-only-{name}.crt").read_text()
    return "".join(line for line in text.splitlines() if "-----" not in line)


def x509(name):
    return (f'<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate(name)}</ds:X509Certificate>'
            "</ds:X509Data></ds:KeyInfo>")


def valid():
    ok("valid_assertion_signed", signed())
    ok("valid_response_signed", sign(response(assertion(), template("#_r1"))))
    both = response(assertion(template("#_a1")), template("#_r1"))
    ok("valid_both_signed", sign(sign(both, which="Assertion"), which="Response"))
    ok("valid_empty_reference_to_the_root", sign(response(assertion(), template(""))))
    ok("valid_rsa_sha384", signed(method=MORE + "rsa-sha384", digest=MORE + "sha384"))
    ok("valid_rsa_sha512", signed(method=MORE + "rsa-sha512", digest=ENC + "sha512"))
    ok("valid_ecdsa_sha256", signed(key="ec", method=MORE + "ecdsa-sha256"))
    ok("valid_second_certificate", signed(key="next"))
    ok("valid_expired_certificate", signed(key="expired"))
    ok("valid_empty_prefix_list",
       signed(transforms=transform(ENVELOPED) + transform(EXCLUSIVE, prefixes("")),
              c14n_inside=prefixes("")))
    xs = ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    typed = ('<saml:Attribute Name="mail"><saml:AttributeValue '
             'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">'
             "ana@example.com</saml:AttributeValue></saml:Attribute>")
    ok("valid_prefix_list",
       signed(transforms=transform(ENVELOPED) + transform(EXCLUSIVE, prefixes("xs #default")),
              c14n_inside=prefixes("saml ds"), attributes=typed, response_root=xs))
    plain = response(assertion(template("#_a1")))
    plain = plain.replace("saml:", "").replace("xmlns:saml=", "xmlns=")
    ok("valid_default_namespaces", sign(plain))
    odd = response(assertion(template("#_a1"))).replace("samlp", "s-1.x").replace("saml:", "_a:")
    ok("valid_odd_prefixes", sign(odd.replace("xmlns:saml=", "xmlns:_a=")))
    ok("valid_references_in_values",
       signed(attributes=attribute("note", "a &lt;b&gt; &amp; &#39;c&#39;&#13;&#10;d")
              + attribute("tab&#9;&quot;in&quot; a name", "x")))
    ok("valid_comments_between_elements",
       signed(after="<!-- between -->").replace("<samlp:Status>", "<samlp:Status><!-- x -->"))
    ok("valid_declaration_and_comment", '<?xml version="1.0" encoding="utf-8"?>\n<!-- hello -->\n'
       + signed() + "\n<!-- bye -->\n")
    ok("valid_line_ends_of_another_system",
       signed(after="\n  \n").replace("\n", "\r\n"))
    once = conditions(inside=f"<saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience>"
                      "</saml:AudienceRestriction><saml:OneTimeUse/>")
    ok("valid_one_time_use", signed(when=once))
    two = conditions(inside="<saml:AudienceRestriction><saml:Audience>https://other.example"
                     f"</saml:Audience><saml:Audience>{AUDIENCE}</saml:Audience>"
                     "</saml:AudienceRestriction>")
    ok("valid_two_audiences", signed(when=two))
    ok("valid_roles", signed(attributes=ATTRIBUTES + attribute(
        ROLE, "arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:saml-provider/idp",
        "arn:aws:iam::123456789012:saml-provider/idp,arn:aws:iam::123456789012:role/b")))
    ok("valid_name_beyond_ascii", signed(who=subject("ána·日本")), who="ána·日本")
    ok("valid_key_info_of_the_signer", signed(key_info=x509("idp")))
    ok("valid_key_info_of_a_stranger", signed(key_info=x509("stranger")))
    ok("valid_fractions_of_seconds", signed(issued="2026-06-01T12:00:00.123456Z"))
    ok("valid_destination", signed(response_root=f' Destination="{RECIPIENT}"'))
    ok("valid_without_issuer_of_the_response", signed(response_issuer=""))
    ok("valid_language_attribute", signed(after='<saml:Advice xml:lang="en"/>'))
    ok("valid_namespace_taken_back", signed(after='<saml:Advice xmlns="urn:example:x"><a><b xmlns="">'
                                            "</b></a></saml:Advice>"))
    ok("valid_prefix_of_another_namespace_inside", signed(
        after='<saml:Advice><saml:x xmlns:saml="urn:example:y" a="1" saml:a="2"/></saml:Advice>'))
    ok("valid_session_end_ahead", signed(session=f' SessionNotOnOrAfter="{LATER}"'))
    ok("valid_at_the_edges_of_skew", signed(
        issued="2026-06-01T12:01:00Z",
        when=conditions(window='NotBefore="2026-06-01T12:01:00Z" NotOnOrAfter="2026-06-01T11:59:01Z"'),
        who=subject(confirmed=confirmation(until='NotOnOrAfter="2026-06-01T11:59:01Z"'))))
    ok("valid_oldest", signed(issued=EARLIER))
    ok("valid_assertion_as_text_of_an_attribute",
       signed(attributes=attribute("note", "&lt;saml:Assertion/&gt;")))


OURS_ONLY = "the signature holds; what it signs is not for us, or not now"
POSITION = "the signature holds over its own element; we also ask which element is read"
NAMESPACES = "the reader lets an error of namespaces pass; it is outside of what is signed"
STRICT = "the signature holds; the document uses a feature that we refuse"


def evil(id="_evil", **kind):
    return assertion(id=id, who=subject("admin@example.com"), **kind)


def parts(document):
    """The signed assertion of a response, its signature, and the assertion without it."""
    whole = re.search(r"<saml:Assertion.*</saml:Assertion>", document, re.S).group()
    signature = re.search(r"<ds:Signature .*</ds:Signature>", whole, re.S).group()
    return whole, signature, whole.replace(signature, "")


def wrapped():
    of_response = sign(response(assertion(), template("#_r1")))
    signature = re.search(r"<ds:Signature .*</ds:Signature>", of_response, re.S).group()
    bare = of_response.replace(signature, "")
    inside = signature.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    false = response(evil(), inside).replace('ID="_r1"', 'ID="_r2"', 1)
    no("wrapped_1_response_inside_signature", false, "assertions", "bad", "bad")
    false = response(evil(), bare + signature).replace('ID="_r1"', 'ID="_r2"', 1)
    no("wrapped_2_response_before_signature", false, "assertions", why=POSITION)
    document = signed()
    whole, signature, bare = parts(document)
    put = lambda text: document.replace(whole, text)
    no("wrapped_3_false_assertion_before", put(evil() + whole), "assertions", why=POSITION)
    no("wrapped_4_false_assertion_around", put(evil(after=whole)), "assertions", why=POSITION)
    no("wrapped_5_signature_moved_to_false", put(evil(signature=signature) + bare), "assertions",
       bergshamra="bad", why=POSITION)
    holding = signature.replace("</ds:Signature>", bare + "</ds:Signature>")
    no("wrapped_6_true_one_inside_signature", put(evil(signature=holding)), "assertions", "bad", "bad")
    ext = lambda inside: f"<samlp:Extensions>{inside}</samlp:Extensions><samlp:Status>"
    no("wrapped_7_false_one_in_extensions", document.replace("<samlp:Status>", ext(evil(id="_a1x"))),
       "assertions", why=POSITION)
    holding = signature.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    no("wrapped_8_true_one_in_object", put(evil(signature=holding)), "assertions", "bad", "bad")
    no("wrapped_true_one_in_extensions",
       document.replace(whole, evil()).replace("<samlp:Status>", ext(whole)), "assertions",
       why=POSITION)
    no("wrapped_false_assertion_after", put(whole + evil()), "assertions", why=POSITION)
    no("wrapped_same_id_twice", put(evil(id="_a1") + whole), "ids", "bad", "bad")
    no("wrapped_id_twice_on_other_elements",
       document.replace("<samlp:Status>", '<samlp:Status ID="_a1">'), "ids", bergshamra="bad",
       why="the second id is on an element that is not signed")
    no("wrapped_id_in_another_case", document.replace("<samlp:Status>", '<samlp:Status id="_a1">'),
       "ids", bergshamra="bad", why="the second id is on an element that is not signed")
    no("wrapped_id_of_the_xml_namespace",
       document.replace("<samlp:Status>", '<samlp:Status xml:id="_a1">'), "ids", "bad", "bad")
    other = evil().replace("saml:Assertion", "x:Assertion").replace(
        "<x:Assertion", '<x:Assertion xmlns:x="urn:example:x"', 1)
    no("wrapped_assertion_of_another_namespace", put(other + whole), "assertions", why=POSITION)
    no("wrapped_assertion_deeper",
       put(f"<samlp:Extensions>{whole}</samlp:Extensions>"), "assertions", why=POSITION)
    no("wrapped_bare_assertion", whole, "root",
       why="a signed assertion without a response around it")
    no("wrapped_in_another_element", f"<x>{document}</x>", "root", why=POSITION)
    no("wrapped_signature_in_extensions",
       put(bare).replace("<samlp:Status>", ext(signature)), "signature_place", "good", "bad",
       "the signature is detached from what it names")
    no("wrapped_second_signature", document.replace(signature, signature + signature),
       "signature_place", "bad", "bad")
    no("wrapped_signature_in_the_subject",
       put(bare.replace("</saml:Subject>", signature + "</saml:Subject>")), "signature_place", "good",
       "good", POSITION)
    other = sign(response(assertion(template("#_r1"))), which="Assertion")
    no("wrapped_reference_to_the_response", other, "reference",
       why="it names the response around it, and stands in the assertion")
    other = sign(response(assertion(), template("#_a1")))
    no("wrapped_reference_to_the_assertion", other, "reference",
       why="it names the assertion inside, and stands in the response")
    other = sign(response(assertion(template(""))), which="Assertion")
    no("wrapped_empty_reference_in_the_assertion", other, "reference",
       why="it names the whole document, and stands in the assertion")
    no("wrapped_reference_by_pointer", signed(to="#xpointer(id('_a1'))"), "reference",
       bergshamra="good", why="a pointer that is no plain id")


def documents():
    document = signed()
    name = "ana@example.com</saml:NameID>"
    broken = document.replace(name, "ana@example.com<!-- -->.evil.example</saml:NameID>")
    no("document_comment_in_name", signed(who=subject("ana@example.com<!-- -->.evil.example")), "xml",
       why="comments are not signed; readers differ on which text is meant")
    no("document_comment_in_name_afterwards", broken, "xml", "bad", "bad")
    no("document_comment_in_audience", signed(when=conditions(AUDIENCE + "<!-- x -->")), "xml",
       why=STRICT)
    no("document_comment_in_value", signed(attributes=attribute("mail", "<!-- -->x")), "xml",
       why=STRICT)
    no("document_comment_in_digest", re.sub("(<ds:DigestValue>....)", r"\1<!-- -->", document), "xml",
       bergshamra="bad", why=STRICT)
    no("document_comment_in_signature", re.sub("(<ds:SignatureValue>....)", r"\1<!-- -->", document),
       "xml", bergshamra="bad", why=STRICT)
    no("document_element_in_name", signed(who=subject("ana<x>@</x>example.com")), "content",
       why="a name with an element inside")
    no("document_element_in_value", signed(attributes=attribute("mail", "<b>x</b>")), "content",
       why="a value with an element inside")
    no("document_instruction", document.replace("<samlp:Status>", "<?x y?><samlp:Status>"), "xml",
       why=STRICT)
    no("document_instruction_in_name", signed(who=subject("ana<?x?>@example.com")), "xml", why=STRICT)
    no("document_type", '<!DOCTYPE x>' + document, "xml", "good", "good", STRICT)
    no("document_type_with_entity", '<!DOCTYPE x [<!ENTITY e "evil">]>' + document, "xml",
       "good", "good", STRICT)
    no("document_type_with_expanding_entities",
       '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
       + document.replace("ana@example", "&b;ana@example"), "xml", "bad", "bad")
    no("document_external_entity", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
       + document.replace("ana@example", "&e;ana@example"), "xml", "bad", "bad")
    no("document_unknown_entity", document.replace("ana@example", "&nbsp;ana@example"), "xml",
       "bad", "bad")
    no("document_character_section",
       signed(who=subject("<![CDATA[ana@example.com]]>")), "xml", why=STRICT)
    no("document_not_closed", document[:-1], "xml", "bad", "bad")
    no("document_second_root", document + document, "xml", "bad", "bad")
    no("document_text_after_root", document + "x", "xml", "bad", "bad")
    no("document_utf_16", document.encode("utf-16"), "xml", "good", "bad", STRICT)
    no("document_byte_order_mark", b"\xef\xbb\xbf" + document.encode(), "xml", why=STRICT)
    no("document_declared_latin", '<?xml version="1.0" encoding="ISO-8859-1"?>' + document, "xml",
       why=STRICT)
    no("document_version_one_point_one", '<?xml version="1.1"?>' + document, "xml", why=STRICT)
    no("document_null_character", document.replace("ana@", "\0ana@"), "xml", "bad", "bad")
    no("document_null_reference", document.replace("ana@", "&#0;ana@"), "xml", "bad", "bad")
    deep = "<x>" * 40 + "</x>" * 40
    no("document_too_deep", signed(after=f"<saml:Advice>{deep}</saml:Advice>"), "xml", why=STRICT)
    no("document_too_many_elements", signed(after=f"<saml:Advice>{'<x/>' * 2000}</saml:Advice>"),
       "xml", why=STRICT)
    many = "".join(f' a{number}="1"' for number in range(40))
    no("document_too_many_attributes", signed(after=f"<saml:Advice{many}/>"), "xml", why=STRICT)
    no("document_attribute_twice", document.replace('ID="_r1"', 'ID="_r1" ID="_r3"'), "xml",
       "bad", "bad")
    no("document_attribute_twice_by_namespace", document.replace(
        "<samlp:Status>", '<samlp:Status xmlns:a="urn:x:y" xmlns:b="urn:x:y" a:c="1" b:c="2">'),
       "xml", "good", "bad", NAMESPACES)
    there = signed(after='<saml:Advice xmlns:r="urn:r"><r:x/></saml:Advice>')
    no("document_relative_namespace", there.replace('"urn:r"', '"a/b"'), "xml", "bad", "bad")
    no("document_namespace_that_may_be_relative",
       signed(after='<saml:Advice xmlns:r="a:b"><r:x/></saml:Advice>'), "xml", why=STRICT)
    no("document_prefix_without_namespace",
       document.replace("<samlp:Status>", "<samlp:Status><q:x/>"), "xml", "good", "bad",
       NAMESPACES)
    no("document_prefix_taken_back",
       document.replace("<samlp:Status>", '<samlp:Status xmlns:q="">'), "xml", "good", "good",
       NAMESPACES)
    no("document_encrypted_assertion", response("<saml:EncryptedAssertion "
       'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>'), "encrypted", "bad", "bad")
    no("document_encrypted_name", signed(who="<saml:Subject><saml:EncryptedID/>" + confirmation()
                                         + "</saml:Subject>"), "encrypted", why=OURS_ONLY)
    no("document_without_assertion", sign(response("", template("#_r1"))), "assertions",
       why="a signed response without an assertion")
    no("document_empty", b"", "xml", "bad", "bad")
    no("document_of_another_kind", "<html/>", "root", "bad", "bad")


def signatures():
    document = signed()
    whole, signature, bare = parts(document)
    no("signature_missing", document.replace(signature, ""), "unsigned", "bad", "bad")
    no("signature_of_a_stranger", signed(key="stranger"), "signature", "bad", "bad")
    no("signature_of_a_stranger_with_key", signed(key="stranger", key_info=x509("stranger")),
       "signature", "bad", "bad")
    no("signature_over_a_changed_name", document.replace("ana@", "admin@"), "digest", "bad", "bad")
    no("signature_over_a_changed_attribute", document.replace(">staff<", ">root<"), "digest",
       "bad", "bad")
    no("signature_value_changed", re.sub("<ds:SignatureValue>(.)", lambda match:
       "<ds:SignatureValue>" + ("B" if match.group(1) != "B" else "C"), document), "signature",
       "bad", "bad")
    no("signature_value_empty", re.sub("(<ds:SignatureValue>).*?(</ds:SignatureValue>)", r"\1\2",
                                       document, flags=re.S), "signature_shape", "bad", "bad")
    no("signature_digest_replaced", re.sub("(<ds:DigestValue>).*?(</ds:DigestValue>)",
       r"\g<1>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\2", document), "signature", "bad", "bad")
    no("signature_sha1", signed(method=DSIG + "rsa-sha1", digest=DSIG + "sha1"), "algorithm",
       "good", "good", "SHA-1 is refused always")
    no("signature_sha1_digest", signed(digest=DSIG + "sha1"), "algorithm", "good", "good",
       "SHA-1 is refused always")
    secret = certificate("idp").encode()
    no("signature_hmac_with_certificate",
       sign(response(assertion(template("#_a1", method=MORE + "hmac-sha256"))), secret=secret),
       "algorithm", "bad", "bad")
    no("signature_hmac_cut_short",
       sign(response(assertion(template("#_a1", method=MORE + "hmac-sha256",
            method_inside="<ds:HMACOutputLength>80</ds:HMACOutputLength>"))), secret=secret),
       "algorithm", "bad", "bad")
    no("signature_ecdsa_on_another_curve", signed(key="ec384", method=MORE + "ecdsa-sha384"),
       "algorithm", "bad", "bad")
    no("signature_inclusive_canonicalization",
       signed(c14n="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"), "canonicalization", why=STRICT)
    no("signature_canonicalization_with_comments", signed(c14n=EXCLUSIVE + "WithComments"),
       "canonicalization", why=STRICT)
    no("signature_transform_with_comments",
       signed(transforms=transform(ENVELOPED) + transform(EXCLUSIVE + "WithComments")), "transforms",
       why=STRICT)
    no("signature_transform_inclusive", signed(transforms=transform(ENVELOPED) + transform(
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")), "transforms", why=STRICT)
    no("signature_transforms_in_another_order", document.replace(
        USUAL, transform(EXCLUSIVE) + transform(ENVELOPED)), "transforms", "bad", "bad")
    no("signature_transform_only_enveloped", signed(transforms=transform(ENVELOPED)), "transforms",
       why=STRICT)
    no("signature_transform_only_exclusive", document.replace(transform(ENVELOPED), ""), "transforms",
       "bad", "bad")
    no("signature_transform_thrice", signed(transforms=USUAL + transform(EXCLUSIVE)), "transforms",
       why=STRICT)
    path = ('<ds:XPath xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">'
            "not(ancestor-or-self::saml:Subject)</ds:XPath>")
    no("signature_transform_xpath", signed(transforms=transform(ENVELOPED) + transform(
        "http://www.w3.org/TR/1999/REC-xpath-19991116", path) + transform(EXCLUSIVE)), "transforms",
       why="the user is left out of what is signed")
    sheet = ('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
             '<xsl:template match="/"><x/></xsl:template></xsl:stylesheet>')
    no("signature_transform_xslt", document.replace(transform(ENVELOPED), transform(
        "http://www.w3.org/TR/1999/REC-xslt-19991116", sheet)), "transforms", "bad", "bad")
    no("signature_transform_base64", document.replace(transform(EXCLUSIVE), transform(
        DSIG + "base64")), "transforms", "bad", "bad")
    no("signature_without_transforms", document.replace(USUAL, ""), "transforms", "bad", "bad")
    second = (f'<ds:Reference URI="#_r1"><ds:Transforms>{USUAL}</ds:Transforms>'
              f'<ds:DigestMethod Algorithm="{ENC}sha256"/><ds:DigestValue/></ds:Reference>')
    no("signature_two_references", signed(extra_reference=second), "signature_shape", why=STRICT)
    no("signature_with_object", signed(more="<ds:Object>x</ds:Object>"), "signature_shape",
       why=STRICT)
    no("signature_two_signed_infos", re.sub("(<ds:SignedInfo>.*</ds:SignedInfo>)", r"\1\1", document,
       flags=re.S), "signature_shape", "bad", "good", "the second one is not looked at")
    no("signature_text_between_parts", signed(more=" x "), "signature_shape", why=STRICT)
    no("signature_reference_to_nothing", document.replace('URI="#_a1"', 'URI="#_none"'), "reference",
       "bad", "bad")
    no("signature_reference_without_uri", document.replace(' URI="#_a1"', ""), "reference",
       "bad", "bad")
    no("signature_reference_to_a_file", document.replace('URI="#_a1"', 'URI="file:///etc/passwd"'),
       "reference", "bad", "bad")
    no("signature_id_is_no_name",
       document.replace('ID="_a1"', 'ID="1 a"').replace("#_a1", "#1 a"), "ids", "bad", "bad")
    both = response(assertion(template("#_a1")), template("#_r1"))
    both = sign(sign(both, which="Assertion"), which="Response")
    no("signature_of_the_response_broken", both.replace('Version="2.0"', 'Version="2.1"', 1),
       "digest", "bad", "bad")
    foreign = response(assertion(template("#_a1")), template("#_r1"))
    foreign = sign(sign(foreign, key="stranger", which="Assertion"), which="Response")
    no("signature_of_the_assertion_by_a_stranger", foreign, "signature", "good", "good",
       "only the signature of the response is asked for there; both must hold here")


def contents():
    odd = lambda name, reason, **kind: no(name, signed(**kind), reason, why=OURS_ONLY)
    odd("content_status_not_success", "status",
        response_status="urn:oasis:names:tc:SAML:2.0:status:Responder")
    odd("content_version_of_response", "version", response_version="1.1")
    odd("content_version_of_assertion", "version", version="1.1")
    odd("content_issuer", "issuer", issuer="https://other.example")
    odd("content_issuer_with_slash", "issuer", issuer=ENTITY + "/")
    odd("content_issuer_of_response", "issuer", response_issuer=(
        '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://other.example'
        "</saml:Issuer>"))
    odd("content_destination", "recipient", response_root=' Destination="https://other.example"')
    odd("content_audience", "audience", when=conditions("https://other.example"))
    odd("content_audience_prefix", "audience", when=conditions(AUDIENCE + ".evil.example"))
    odd("content_audience_absent", "audience", when=conditions(inside=""))
    odd("content_audience_empty", "content", when=conditions(""))
    odd("content_two_restrictions_one_other", "audience", when=conditions(inside=(
        f"<saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience>"
        "</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>https://other.example"
        "</saml:Audience></saml:AudienceRestriction>")))
    odd("content_conditions_absent", "content", when="")
    odd("content_conditions_twice", "content", when=conditions() * 2)
    odd("content_condition_unknown", "condition", when=conditions(inside=(
        f"<saml:AudienceRestriction><saml:Audience>{AUDIENCE}</saml:Audience>"
        '</saml:AudienceRestriction><saml:ProxyRestriction Count="0"/>')))
    odd("content_not_before_ahead", "not_yet_valid", when=conditions(
        window='NotBefore="2026-06-01T12:01:01Z"'))
    odd("content_not_on_or_after_past", "expired", when=conditions(
        window='NotOnOrAfter="2026-06-01T11:59:00Z"'))
    odd("content_moment_with_zone", "content", when=conditions(
        window='NotOnOrAfter="2026-06-01T14:05:00+02:00"'))
    odd("content_issued_ahead", "not_yet_valid", issued="2026-06-01T12:01:01Z")
    odd("content_too_old", "too_old", issued="2026-06-01T11:54:59Z")
    odd("content_session_ended", "expired", session=f' SessionNotOnOrAfter="{NOW}"')
    odd("content_recipient", "recipient", who=subject(confirmed=confirmation(
        recipient='Recipient="https://other.example/saml"')))
    odd("content_recipient_absent", "content", who=subject(confirmed=confirmation(recipient="")))
    odd("content_confirmation_past", "expired", who=subject(confirmed=confirmation(
        until='NotOnOrAfter="2026-06-01T11:59:00Z"')))
    odd("content_confirmation_without_end", "content", who=subject(confirmed=confirmation(until="")))
    odd("content_confirmation_holder_of_key", "confirmation", who=subject(confirmed=confirmation(
        method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")))
    odd("content_confirmation_absent", "confirmation", who=subject(confirmed=""))
    odd("content_confirmation_twice", "confirmation", who=subject(confirmed=confirmation() * 2))
    odd("content_subject_absent", "content", who="")
    odd("content_subject_twice", "content", who=subject() * 2)
    odd("content_name_absent", "content", who=subject(name_id=""))
    odd("content_name_empty", "content", who=subject(""))
    odd("content_name_twice", "content", who=subject(name_id="<saml:NameID>a</saml:NameID>" * 2))
    odd("content_name_with_control_character", "content", who=subject("ana&#10;admin"))
    odd("content_name_too_long", "content", who=subject("a" * 257))
    odd("content_attribute_without_name", "content", attributes="<saml:Attribute/>")
    odd("content_encrypted_attribute", "encrypted", attributes="<saml:EncryptedAttribute/>")


def descriptor(use=' use="signing"', key="idp", key_info=None):
    info = x509(key) if key_info is None else key_info
    return f"<md:KeyDescriptor{use}>{info}</md:KeyDescriptor>"


def metadata(keys=None, root=f' entityID="{ENTITY}"', role="", roles=None, extra="",
             protocol="urn:oasis:names:tc:SAML:2.0:protocol"):
    if roles is None:
        roles = (f'<md:IDPSSODescriptor protocolSupportEnumeration="{protocol}"{role}>'
                 f"{descriptor() if keys is None else keys}<md:SingleSignOnService "
                 'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
                 'Location="https://idp.example.com/sso"/></md:IDPSSODescriptor>')
    return (f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
            f'xmlns:ds="{DSIG}"{root}>{extra}{roles}</md:EntityDescriptor>')


METADATA = []


def describe(name, document, verdict):
    (HERE / "metadata" / f"{name}.xml").write_bytes(document.encode())
    METADATA.append((f"{name}.xml", verdict))


def described():
    several = lambda *names: "".join(descriptor(key=name) for name in names)
    describe("one_certificate", metadata(), "ok 1")
    describe("key_without_use", metadata(descriptor(use="")), "ok 1")
    describe("four_certificates", metadata(several("idp", "next", "ec", "expired")), "ok 4")
    describe("valid_until", metadata(root=f' entityID="{ENTITY}" validUntil="2030-01-01T00:00:00Z"'),
             "ok 1")
    describe("declaration_and_comments",
             '<?xml version="1.0" encoding="UTF-8"?>\n<!-- x -->\n' + metadata(), "ok 1")
    describe("other_roles_beside", metadata(extra=(
        '<md:SPSSODescriptor protocolSupportEnumeration="x"/>')), "ok 1")
    describe("encryption_key_beside", metadata(descriptor(use=' use="encryption"', key="stranger")
                                               + descriptor()), "ok 1")
    describe("small_key_beside", metadata(several("small", "idp")), "ok 1")
    describe("certificate_in_lines", metadata().replace(certificate("idp"), "\n".join(
        re.findall(".{1,64}", certificate("idp")))), "ok 1")
    describe("no_keys", metadata(""), "there is no usable signing certificate")
    describe("only_encryption", metadata(descriptor(use=' use="encryption"')),
             "there is no usable signing certificate")
    describe("only_a_small_key", metadata(several("small")), "there is no usable signing certificate")
    describe("only_another_curve", metadata(several("ec384")),
             "there is no usable signing certificate")
    describe("not_a_certificate", metadata(descriptor(key_info=(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>"
        "</ds:KeyInfo>"))), "there is no usable signing certificate")
    describe("unknown_use", metadata(descriptor(use=' use="any"')),
             "a key descriptor does not hold exactly one certificate")
    describe("empty_use", metadata(descriptor(use=' use=""')),
             "a key descriptor does not hold exactly one certificate")
    describe("key_value_only", metadata(descriptor(key_info=(
        "<ds:KeyInfo><ds:KeyName>x</ds:KeyName></ds:KeyInfo>"))),
        "a key descriptor does not hold exactly one certificate")
    describe("chain", metadata(descriptor(key_info=x509("idp").replace(
        "</ds:X509Data>", f"<ds:X509Certificate>{certificate('next')}</ds:X509Certificate>"
        "</ds:X509Data>"))), "a key descriptor does not hold exactly one certificate")
    describe("five_certificates", metadata(several("idp", "next", "ec", "expired", "stranger")),
             "there are more than 4 signing certificates")
    describe("without_entity_id", metadata(root=""), "the entity id is missing or too long")
    describe("empty_entity_id", metadata(root=' entityID=""'), "the entity id is missing or too long")
    describe("long_entity_id", metadata(root=f' entityID="{"x" * 1025}"'),
             "the entity id is missing or too long")
    describe("service_provider", metadata(roles='<md:SPSSODescriptor/>'),
             "the entity is not an identity provider of SAML 2.0")
    describe("two_identity_providers", metadata(roles='<md:IDPSSODescriptor/>' * 2),
             "the entity is not an identity provider of SAML 2.0")
    describe("older_protocol", metadata(protocol="urn:oasis:names:tc:SAML:1.1:protocol"),
             "the entity is not an identity provider of SAML 2.0")
    describe("many_entities", '<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">'
             + metadata() + "</md:EntitiesDescriptor>",
             "the document is not the description of one entity")
    describe("a_web_page", "<html><body/></html>", "the document is not the description of one entity")
    describe("valid_until_not_a_moment", metadata(root=f' entityID="{ENTITY}" validUntil="soon"'),
             "`validUntil` is not a moment in UTC")
    describe("document_type", "<!DOCTYPE x>" + metadata(), "document types are not accepted")
    describe("entity", metadata(root=' entityID="&x;"'),
             "an entity is not one of the five predefined ones")
    describe("comment_in_certificate", metadata().replace(certificate("idp"),
             "<!-- -->" + certificate("idp")), "a comment stands inside a value")
    describe("instruction", metadata(extra="<?x?>"), "processing instructions are not accepted")


HEAD = """\
# What becomes of each response of this pack. The moment is 2026-06-01T12:00:00Z; the provider has the
# certificates idp, next, ec and expired of `keys/`, and certificates past their time still verify.
# `ok` is followed by the subject; a refusal is the reason code. The next two columns are what two
# independent verifiers of signatures say: xmlsec1, and the bergshamra crate. They look at signatures
# only, and accept shapes that we refuse; the last column says why. The reverse never happens.
"""


def main():
    for folder in ["responses", "metadata"]:
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.xml"):
            old.unlink()
    for group in [valid, wrapped, documents, signatures, contents, described]:
        group()
    lines = [" | ".join(row).rstrip(" |") for row in VERDICTS]
    (HERE / "responses.txt").write_text(HEAD + "\n" + "\n".join(lines) + "\n")
    lines = [" | ".join(row) for row in METADATA]
    head = "# What becomes of each metadata document: `ok` with the number of certificates, or why not.\n"
    (HERE / "metadata.txt").write_text(head + "\n" + "\n".join(lines) + "\n")
    print(len(VERDICTS), "responses,", len(METADATA), "metadata documents")


if __name__ == "__main__":
    main()
