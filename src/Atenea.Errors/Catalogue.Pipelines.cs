namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A model is asked for answers that its checkpoint has no trained head for.</summary>
    public static readonly ErrorCode HeadUntrained = new("ATN0551", "the model has no trained head for this task",
        "train one first, for example with `atenea train`, and name the run's folder");

    /// <summary>A text whose masks are to be filled has none, or the tokenizer knows none.</summary>
    public static readonly ErrorCode MaskMissing =
        new("ATN0552", "there is no mask to fill", "use a masked language model with its own tokenizer");

    /// <summary>No target of a mask is a word.</summary>
    public static readonly ErrorCode TargetsMissing =
        new("ATN0553", "there is no word to choose from", "name words as targets, or leave the targets out for the whole vocabulary");

    /// <summary>A classifier that is not one of natural language inference is asked about entailment.</summary>
    public static readonly ErrorCode EntailmentMissing = new("ATN0554", "the model has no label for entailment",
        "zero-shot classification takes a model of natural language inference, for example one trained on MNLI; "
            + "name its labels in config.json");

    /// <summary>Zero-shot classification is asked without candidates, or with a hypothesis that has no place for them.</summary>
    public static readonly ErrorCode CandidatesWrong = new("ATN0555", "the candidate labels cannot be asked for",
        "give at least one label, and a hypothesis in which {} stands for it");

    /// <summary>An embedding generator is asked for vectors that its model does not give.</summary>
    public static readonly ErrorCode EmbeddingUnavailable = new("ATN0556", "the model does not give these vectors",
        "leave the options out, or load the model that gives them");
}
