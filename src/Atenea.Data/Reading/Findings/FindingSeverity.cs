namespace Atenea.Data;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; nothing to do.</summary>
    Information,

    /// <summary>The data were read, but a person should look.</summary>
    Warning,

    /// <summary>The data, or the rows that are named, cannot be used as they are.</summary>
    Error,
}
