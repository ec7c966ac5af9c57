namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A model is asked for answers that its checkpoint has no trained head for.</summary>
    public static readonly ErrorCode HeadUntrained = new("ATN0551", "the model has no trained head for this task",
        "train one first, for example with `atenea train`, and name the run's folder");
}
