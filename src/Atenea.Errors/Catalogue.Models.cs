namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>The <c>model_type</c> of a config.json names no family that is built in.</summary>
    public static readonly ErrorCode UnknownModelType = new("ATN0501", "unknown model family",
        "use a model of one of the families named here");

    /// <summary>An activation function's name is not known.</summary>
    public static readonly ErrorCode UnknownActivation = new("ATN0502", "unknown activation function",
        "correct the key in the model's config.json");

    /// <summary>A setting of a config.json asks for something that the family does not do here.</summary>
    public static readonly ErrorCode ModelSettingUnsupported = new("ATN0503", "setting not supported",
        "use a checkpoint without this setting");

    /// <summary>A weight's shape in the checkpoint is not the one that the configuration asks for.</summary>
    public static readonly ErrorCode WeightShapeMismatch = new("ATN0504", "weight does not fit the configuration",
        "check that config.json belongs to this checkpoint");

    /// <summary>The checkpoint lacks weights that cannot be learnt anew with a head: the encoder's own.</summary>
    public static readonly ErrorCode EncoderWeightsMissing = new("ATN0505", "encoder weights missing",
        "check that the checkpoint is complete and that config.json belongs to it");

    /// <summary>A sequence has more tokens than the model has positions.</summary>
    public static readonly ErrorCode SequenceTooLong = new("ATN0506", "sequence longer than the model's positions",
        "truncate the text: set max_length to at most the model's max_position_embeddings");

    /// <summary>Labels do not fit the outputs of a head.</summary>
    public static readonly ErrorCode LabelsDoNotFit = new("ATN0507", "labels do not fit the model",
        "check problem_type and id2label in config.json against the data's labels");

    /// <summary>A verification case lacks something or contradicts itself.</summary>
    public static readonly ErrorCode VerificationCaseInvalid = new("ATN0508", "not a usable verification case",
        "name a folder with config.json, weights and case.safetensors, or with trace.json, "
            + "batches.safetensors, initial/ and final.safetensors");

    /// <summary>A model class is known to transformers, but its family or head is not built here.</summary>
    public static readonly ErrorCode ModelClassUnsupported = new("ATN0509", "model class not supported",
        "use a model of one of the classes named here");

    /// <summary>A model folder has no weights that can be read.</summary>
    public static readonly ErrorCode WeightsMissing = new("ATN0510", "no weights in the model folder",
        "put the checkpoint's model.safetensors or pytorch_model.bin beside config.json");

    /// <summary>Two weights that the configuration ties are there with different values.</summary>
    public static readonly ErrorCode TiedWeightsDiffer = new("ATN0511", "tied weights differ",
        "if the model was trained with two weights, set tie_word_embeddings to false in config.json");
}
