namespace Atenea.Data;

/// <summary>How rows are shuffled and splits are sampled from the training rows.</summary>
public sealed record SamplingOptions
{
    /// <summary>Rows set apart for testing: below 1 a share, else a number. Null leaves the test split as it is.</summary>
    public double? TestSize { get; init; }

    /// <summary>
    /// Rows set apart for validation, of what the test rows leave: below 1 a share, else a number. Null leaves the validation split as it
    /// is.
    /// </summary>
    public double? ValidationSize { get; init; }

    /// <summary>The seed of splits and of <see cref="Shuffle"/>.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>A column whose shares the parts keep; null for none.</summary>
    public string? Stratify { get; init; }

    /// <summary>Whose random numbers splits follow.</summary>
    public SplitMethod Method { get; init; }

    /// <summary>
    /// Whether every split is put in the order of <c>shuffle(seed)</c> of Hugging Face datasets before its first rows are taken.
    /// </summary>
    public bool Shuffle { get; init; }

    /// <summary>Samples the splits that are asked for, then shuffles.</summary>
    /// <exception cref="Errors.AteneaException">
    /// The rows cannot be split like that (ATN0213), or there is no such column (ATN0205).
    /// </exception>
    public DatasetSplits Apply(DatasetSplits splits)
    {
        (Dataset? train, Dataset? validation, Dataset? test) = splits;
        if (train is not null && TestSize is { } testSize) (train, test) = Cut(train, testSize);
        if (train is not null && ValidationSize is { } validationSize) (train, validation) = Cut(train, validationSize);
        return Shuffle
            ? new DatasetSplits(train?.Shuffle(Seed), validation?.Shuffle(Seed), test?.Shuffle(Seed))
            : new DatasetSplits(train, validation, test);
    }

    private (Dataset Train, Dataset Test) Cut(Dataset rows, double size)
    {
        DatasetDict parts = rows.TrainTestSplit(size, Seed, Stratify, Method);
        return (parts["train"], parts["test"]);
    }
}
