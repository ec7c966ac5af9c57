namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>The instruction set asked for with ATENEA_ISA is unknown or the processor lacks it.</summary>
    public static readonly ErrorCode InstructionSetUnavailable = new("ATN0601", "instruction set not available",
        "unset ATENEA_ISA, or set it to one that `atenea doctor` lists");

    /// <summary>Two shapes that must agree do not.</summary>
    public static readonly ErrorCode ShapeMismatch = new("ATN0602", "shapes do not fit",
        "check the model's config.json against its weights");

    /// <summary>An id lies outside the table it indexes.</summary>
    public static readonly ErrorCode IdOutOfRange = new("ATN0603", "id outside the table",
        "the tokenizer and the model do not belong together: take both from the same folder");

    /// <summary>Memory could not be had.</summary>
    public static readonly ErrorCode OutOfMemory = new("ATN0604", "out of memory",
        "use a smaller batch size, a shorter max_length or a smaller model", ErrorCode.RunFailed);

    /// <summary>A tensor was used after its step, or after it was released.</summary>
    public static readonly ErrorCode TensorOver = new("ATN0605", "tensor used after its step",
        "use a tensor, or copy it, before the tape begins its next step", ErrorCode.RunFailed);
}
