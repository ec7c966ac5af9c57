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

    /// <summary>A model's config.json is not a JSON object.</summary>
    public static readonly ErrorCode ConfigMalformed = new("ATN0409", "malformed model configuration",
        "the file is damaged: get it again from its source");

    /// <summary>A key of a model's config.json is missing or holds a value that makes no sense.</summary>
    public static readonly ErrorCode ConfigValueInvalid = new("ATN0410", "invalid value in the model configuration",
        "correct the key in the model's config.json, or get the file again from its source");

    /// <summary>A model name is neither a folder nor a model at hand.</summary>
    public static readonly ErrorCode ModelNotFound = new("ATN0411", "model not found",
        "name a model folder, a run's folder, 'all-MiniLM-L6-v2' (comes with Atenea), or a model of the hub, 'organisation/name'");

    /// <summary>A repository is in the cache, but not at the revision asked for.</summary>
    public static readonly ErrorCode RevisionNotFound = new("ATN0412", "revision not found",
        "name a branch, a tag or a commit (or the unique start of one) that is in the cache");

    /// <summary>A repository id or a revision is not of the form that the hub uses.</summary>
    public static readonly ErrorCode HubNameInvalid = new("ATN0413", "not a valid hub name",
        "a repository is called 'name' or 'organisation/name', a revision is a branch, tag or commit");
}
