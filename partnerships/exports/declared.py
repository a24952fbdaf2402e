"""What a PDF declares of itself: that it is made for keeping (PDF/A-3) and for everybody (PDF/UA-1).

WeasyPrint declares one standard at a time. Imports it, and nothing of Django: renderers join documents too.
"""

from weasyprint import VERSION
from weasyprint.document import DocumentMetadata

PRODUCER = f"WeasyPrint {VERSION}"

# PDF/UA-1, in the form in which a PDF/A may hold what its own standard does not know (ISO 19005-3, 6.6.2.3).
_ACCESSIBLE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about=""
    xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_PACKET = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">%s</x:xmpmeta>\n<?xpacket end="r"?>'
)


def declare_accessible(metadata):
    """Let the metadata of a document say PDF/UA-1 beside the standard that WeasyPrint writes them for."""
    as_usual = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *said: as_usual(*said).replace(
        b"</rdf:RDF>", _ACCESSIBLE + b"</rdf:RDF>"
    )


def metadata_of(frame):
    """The metadata stream of a joined document (piece.Frame): PDF/A-3a and PDF/UA-1, untagged PDF/A-3u."""
    said = DocumentMetadata(
        title=frame.title,
        authors=[frame.author],
        description=frame.subject,
        created=frame.made,
        modified=frame.made,
        lang=frame.language,
    )
    if frame.tagged:
        declare_accessible(said)
    rdf = said.generate_rdf_metadata("a", 3, "A" if frame.tagged else "U")
    return _PACKET % rdf
