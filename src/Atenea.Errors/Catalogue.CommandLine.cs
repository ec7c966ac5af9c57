namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>An option that the command does not have.</summary>
    public static readonly ErrorCode OptionUnknown = new("ATN0101", "unknown option",
        "see the command's --help");

    /// <summary>A command that does not exist.</summary>
    public static readonly ErrorCode CommandUnknown = new("ATN0102", "unknown command",
        "see `atenea --help` for the commands");

    /// <summary>An argument or an option's value is missing, superfluous or of the wrong kind.</summary>
    public static readonly ErrorCode ArgumentWrong = new("ATN0103", "wrong arguments",
        "see the command's --help");

    /// <summary>Two options ask for things that exclude each other.</summary>
    public static readonly ErrorCode OptionConflict = new("ATN0104", "options do not fit together",
        "leave one of them out");

    /// <summary>A benchmark case that does not exist or cannot run here.</summary>
    public static readonly ErrorCode BenchmarkUnknown = new("ATN0801", "unknown benchmark case",
        "see `atenea bench --help` for the cases");

    /// <summary>A data type that the benchmark case does not have.</summary>
    public static readonly ErrorCode BenchmarkTypeUnknown = new("ATN0802", "unknown benchmark data type",
        "use --dtype fp32");

    /// <summary>An error that is the program's own.</summary>
    public static readonly ErrorCode Internal = new("ATN0899", "internal error",
        "this is a mistake in Atenea: please report it, with the output of the same command under ATENEA_DEBUG=1", ErrorCode.RunFailed);
}
