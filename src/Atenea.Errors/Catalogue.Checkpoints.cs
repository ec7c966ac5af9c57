namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A PyTorch file ends before its directory, its pickle or its storages do.</summary>
    public static readonly ErrorCode PyTorchFileTruncated = new("ATN0480", "truncated PyTorch file",
        "the file is incomplete: download or copy it again");

    /// <summary>A PyTorch file is not laid out as <c>torch.save</c> lays out tensors by name.</summary>
    public static readonly ErrorCode PyTorchFileMalformed = new("ATN0481", "malformed PyTorch file",
        "get the file again from its source, or save the model as model.safetensors (in Python: model.save_pretrained(folder))");

    /// <summary>A pickle asks for something else than tensors to be rebuilt. Nothing of it was called.</summary>
    public static readonly ErrorCode PickleRefused = new("ATN0482", "pickle refused",
        "a checkpoint needs nothing but tensors: do not open this file with other programs unless you trust its source; "
            + "ask its author for model.safetensors");

    /// <summary>The index of a sharded checkpoint is not the JSON that it should be.</summary>
    public static readonly ErrorCode ShardIndexMalformed = new("ATN0483", "malformed index of a sharded checkpoint",
        "get the index file again from its source");

    /// <summary>The index of a sharded checkpoint names a file outside the model's folder.</summary>
    public static readonly ErrorCode ShardOutsideFolder = new("ATN0484", "shard outside the model's folder",
        "an index names files beside itself: do not use this model unless you trust its source");

    /// <summary>A file that the index of a sharded checkpoint names is not there.</summary>
    public static readonly ErrorCode ShardMissing = new("ATN0485", "shard missing",
        "the checkpoint is incomplete: get every file that the index names");
}
