namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A file that was named is not there.</summary>
    public static readonly ErrorCode FileMissing = new("ATN0401", "file not found",
        "check the path; a relative path is taken from the current folder");

    /// <summary>A file is there but cannot be opened or read.</summary>
    public static readonly ErrorCode FileUnreadable = new("ATN0402", "file cannot be read",
        "check that it is a file, and its permissions");

    /// <summary>A file cannot be created, written or renamed into place.</summary>
    public static readonly ErrorCode FileUnwritable = new("ATN0403", "file cannot be written",
        "check the folder's permissions and the free space on the disk");

    /// <summary>A safetensors file ends before its header or its data do.</summary>
    public static readonly ErrorCode SafeTensorsTruncated = new("ATN0404", "truncated safetensors file",
        "the file is incomplete: download or copy it again");

    /// <summary>The header of a safetensors file is not what the format asks for.</summary>
    public static readonly ErrorCode SafeTensorsHeaderMalformed = new("ATN0405", "malformed safetensors header",
        "the file is damaged or not a safetensors file: get it again from its source");

    /// <summary>The byte ranges of a safetensors file do not fit its shapes or its data.</summary>
    public static readonly ErrorCode SafeTensorsLayoutMalformed = new("ATN0406", "malformed safetensors layout",
        "the file is damaged: get it again from its source");

    /// <summary>A tensor's storage type is unknown, or is not of the kind that was asked for.</summary>
    public static readonly ErrorCode StorageTypeUnsupported = new("ATN0407", "storage type not supported",
        "store the tensor as F32, F16, BF16 or F64 (weights) or as I64 (ids)");

    /// <summary>A checkpoint does not hold a tensor that was asked for.</summary>
    public static readonly ErrorCode TensorMissing = new("ATN0408", "no such tensor",
        "check that the checkpoint belongs to this model");
}
