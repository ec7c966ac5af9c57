namespace Atenea.Training;

/// <summary>The keys of section <c>model_options</c>.</summary>
internal static class ModelKeys
{
    public static ConfigSection<ModelOptions> Section { get; } = new ConfigSection<ModelOptions>(
        "model_options", "Changes to the model's own config.json; null keeps it.",
        c => c.ModelOptions, (c, o) => c with { ModelOptions = o })
        .OptionalChoice("problem_type", ProblemTypes.Names.ToDictionary(name => name),
            "null decides from the labels: several per row, or numbers, or names.",
            o => o.ProblemType, (o, v) => o with { ProblemType = v })
        .OptionalInteger("num_labels", 1, "Outputs; null is the number of labels.", o => o.NumLabels, (o, v) => o with { NumLabels = v })
        .OptionalRate("hidden_dropout_prob", "Dropout after each sub-layer.", o => o.HiddenDropout, (o, v) => o with { HiddenDropout = v })
        .OptionalRate("attention_probs_dropout_prob", "Dropout of attention probabilities.",
            o => o.AttentionDropout, (o, v) => o with { AttentionDropout = v })
        .OptionalRate("classifier_dropout", "Dropout before the classifier.",
            o => o.ClassifierDropout, (o, v) => o with { ClassifierDropout = v })
        .Boolean("from_scratch", "Random weights of the model's shape in place of its trained ones.",
            o => o.FromScratch, (o, v) => o with { FromScratch = v });
}
