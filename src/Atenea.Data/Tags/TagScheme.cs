namespace Atenea.Data;

/// <summary>How the tags of tokens mark entities that span several of them.</summary>
public enum TagScheme
{
    /// <summary>Inside tags throughout; B- only where an entity follows another of its type (Ramshaw and Marcus 1995).</summary>
    Iob1,

    /// <summary>B- at the start of every entity, I- inside (also called BIO).</summary>
    Iob2,

    /// <summary>B- and I- as in IOB2, E- at the end of an entity of several tokens, S- for one of a single token.</summary>
    Iobes,

    /// <summary>IOBES with the letters L- (last) and U- (unit) for E- and S-.</summary>
    Bilou,
}
