"""What makes a PDF a record: PDF/A-3a and PDF/UA-1 in one file, with the source of the edition inside."""

import datetime
from collections.abc import Callable
from types import MethodType
from typing import Protocol

import pydyf

VARIANT = "pdf/a-3a"
SOURCE_NAME = "edition.json"

# WeasyPrint says the one standard, this says the other. PDF/A asks for a description of every property it does not
# know itself, and PDF/UA's is one of them.
_ACCESSIBLE = (
    b'<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


class Metadata(Protocol):
    """What WeasyPrint knows of a document; dates are as the page wrote them."""

    created: str | None
    attachments: list[object]
    generate_rdf_metadata: Callable[[str, int, str], bytes]


def say_both_standards(metadata: Metadata) -> None:
    """Have the file say of itself that it is PDF/UA-1 besides PDF/A-3a."""
    one_standard = metadata.generate_rdf_metadata

    def both(_metadata: object, variant: str, version: int, conformance: str) -> bytes:
        return one_standard(variant, version, conformance).replace(b"</rdf:RDF>", _ACCESSIBLE + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = MethodType(both, metadata)


def enclose_source(metadata: Metadata, source: bytes) -> None:
    """Put the source of the edition into the file, dated as the edition is."""
    from weasyprint import Attachment

    dated = datetime.datetime.fromisoformat(metadata.created or "1970-01-01T00:00:00+00:00")
    metadata.attachments = [
        Attachment(
            string=source,
            name=SOURCE_NAME,
            description="The source of this edition: its text with ids, notes and decisions",
            created=dated,
            modified=dated,
            relationship="Source",
        )
    ]


def name_source_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint 70 lists an enclosed file twice among those that belong to the document."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
