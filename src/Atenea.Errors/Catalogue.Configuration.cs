namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A config is not the YAML it should be.</summary>
    public static readonly ErrorCode RunConfigMalformed = new("ATN0110", "config cannot be read",
        "mend the YAML at the line named; values with special characters go in quotes");

    /// <summary>A config has a key that does not exist.</summary>
    public static readonly ErrorCode ConfigKeyUnknown = new("ATN0111", "unknown config key",
        "see docs/run-folder.md, or the config.yaml of any run's folder, for every key");

    /// <summary>A config value has the wrong type.</summary>
    public static readonly ErrorCode ConfigTypeWrong = new("ATN0112", "wrong type in config",
        "write a value of the type named");

    /// <summary>A config value has the right type but is not allowed.</summary>
    public static readonly ErrorCode ConfigValueWrong = new("ATN0113", "config value not allowed",
        "use one of the values named");

    /// <summary>A key of Hugging Face's TrainingArguments that this program knows of but does not support.</summary>
    public static readonly ErrorCode ConfigKeyUnsupported = new("ATN0114", "config key not supported",
        "remove the key");

    /// <summary>A key that has no default is missing.</summary>
    public static readonly ErrorCode ConfigKeyMissing = new("ATN0115", "config key missing",
        "add the key to the config");

    /// <summary>Two keys ask for things that exclude each other.</summary>
    public static readonly ErrorCode ConfigConflict = new("ATN0116", "config keys do not fit together",
        "change one of the keys named");
}
