namespace Atenea.Data;

/// <summary>Whose random numbers a split follows, row by row.</summary>
public enum SplitMethod
{
    /// <summary>scikit-learn's <c>train_test_split(..., random_state=seed)</c>.</summary>
    ScikitLearn,

    /// <summary>Hugging Face datasets' <c>train_test_split(..., seed=seed)</c>.</summary>
    Datasets,
}
