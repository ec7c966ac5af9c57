using Atenea.Errors;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>The tasks that are built in: what each takes, and how a row asks it.</summary>
internal static class BuiltInTasks
{
    private const string QuestionColumn = "question";
    private const string ContextColumn = "context";

    public static PipelineTask[] All =>
    [
        Of<SequenceClassifier>(TextClassification, TaskParameter.TopK | TaskParameter.Function),
        Of<TokenClassifier>(TokenClassification, TaskParameter.Aggregation | TaskParameter.Stride | TaskParameter.IgnoreLabels),
        Of<QuestionAnsweringModel>(QuestionAnswering, TaskParameter.Question | TaskParameter.TopK | TaskParameter.Stride
            | TaskParameter.MaxAnswerLength | TaskParameter.Impossible),
        Of<MaskedLanguageModel>(FillMask, TaskParameter.TopK | TaskParameter.Targets) with
        {
            ModelClasses = [typeof(MaskedLanguageModel), typeof(PretrainingModel)],
        },
        Of<NextSentencePredictor>(NextSentence, TaskParameter.None),
        Of("zero-shot-classification", ZeroShot, TaskParameter.Labels | TaskParameter.Hypothesis | TaskParameter.MultiLabel),
        Of<BaseModel>(FeatureExtraction, TaskParameter.None) with { ModelClasses = [] }, // Nobody asks a bare encoder without saying what.
        Of("sentence-similarity", SentenceSimilarity, TaskParameter.None),
    ];

    // The task of a class of models, under the names that it is trained by.
    private static PipelineTask Of<T>(Func<string, TaskParameters, TaskPipeline> create, TaskParameter parameters)
        where T : Model
    {
        ModelTask task = ModelTask.Of<T>();
        return Of(task.Name, create, parameters) with { Aliases = task.Aliases, ModelClasses = [typeof(T)] };
    }

    private static PipelineTask Of(string name, Func<string, TaskParameters, TaskPipeline> create, TaskParameter parameters) =>
        new(name, create) { Parameters = parameters };

    private static TaskPipeline TextClassification(string model, TaskParameters asked)
    {
        var options = new TextClassificationOptions(asked) { Function = asked.Function, TopK = asked.TopK };
        var pipeline = TextClassificationPipeline.Load(model, options);
        var columns = new RowColumns(asked, pipeline.Settings);
        return new TaskPipeline<TextInput, TextClassification>(pipeline, columns.TextOrPair, pipeline.ClassifyStream, input => input.Text);
    }

    private static TaskPipeline TokenClassification(string model, TaskParameters asked)
    {
        var options = new TokenClassificationOptions(asked) { Stride = asked.Stride };
        if (asked.Aggregation is { } aggregation) options = options with { Aggregation = aggregation };
        if (asked.IgnoreLabels is { } ignored) options = options with { IgnoreLabels = ignored };
        var pipeline = TokenClassificationPipeline.Load(model, options);
        var columns = new RowColumns(asked, pipeline.Settings);
        return new TaskPipeline<TokenInput, TokenClassification>(
            pipeline, row => TokenInput.FromCell(columns.Text(row)), pipeline.ClassifyStream, input => input.Text);
    }

    // Files have the columns question and context; else the question is about each text.
    private static TaskPipeline QuestionAnswering(string model, TaskParameters asked)
    {
        var options = new AnswerOptions { Count = asked.TopK ?? 1, Stride = asked.Stride, HandleImpossible = asked.Impossible };
        if (asked.MaxAnswerLength is { } longest) options = options with { MaxAnswerLength = longest };
        var pipeline = QuestionAnsweringPipeline.Load(model, asked);
        var columns = new RowColumns(asked, pipeline.Settings);
        return new TaskPipeline<QuestionInput, QuestionAnswers>(
            pipeline,
            row => new QuestionInput(
                asked.Question ?? row.Find(QuestionColumn) ?? throw new AteneaException(Catalogue.ArgumentWrong, "there is no question",
                    remedy: "give --question, or a file with the columns question and context"),
                row.Find(ContextColumn) ?? columns.Text(row)),
            inputs => pipeline.AskStream(inputs, options),
            input => input.Question);
    }

    private static TaskPipeline FillMask(string model, TaskParameters asked)
    {
        var pipeline = FillMaskPipeline.Load(model, asked);
        int count = asked.TopK ?? FillMaskPipeline.UsualCount;
        return new TaskPipeline<string, MaskFillings>(
            pipeline,
            new RowColumns(asked, pipeline.Settings).Text,
            texts => pipeline.FillStream(texts, count, asked.Targets),
            text => text);
    }

    private static TaskPipeline NextSentence(string model, TaskParameters asked)
    {
        var pipeline = NextSentencePipeline.Load(model, asked);
        return new TaskPipeline<TextInput, NextSentence>(
            pipeline, new RowColumns(asked, pipeline.Settings).Pair, pipeline.PredictStream, Both);
    }

    private static TaskPipeline ZeroShot(string model, TaskParameters asked)
    {
        const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] labels = [.. (asked.Labels ?? []).SelectMany(each => each.Split(',', Tidy))]; // One may list several, as in transformers.
        var options = new ZeroShotOptions { MultiLabel = asked.MultiLabel };
        if (asked.Hypothesis is { } hypothesis) options = options with { HypothesisTemplate = hypothesis };
        var pipeline = ZeroShotClassificationPipeline.Load(model, asked);
        return new TaskPipeline<string, ZeroShotClassification>(
            pipeline,
            new RowColumns(asked, pipeline.Settings).Text,
            texts => pipeline.ClassifyStream(texts, labels, options),
            text => text);
    }

    private static TaskPipeline FeatureExtraction(string model, TaskParameters asked)
    {
        var pipeline = FeatureExtractionPipeline.Load(model, asked);
        var columns = new RowColumns(asked, pipeline.Settings);
        return new TaskPipeline<TextInput, TokenFeatures>(pipeline, columns.TextOrPair, pipeline.ExtractStream, input => input.Text);
    }

    private static TaskPipeline SentenceSimilarity(string model, TaskParameters asked)
    {
        var pipeline = SentenceEmbeddingPipeline.Load(model, asked);
        return new TaskPipeline<TextInput, TextSimilarity>(
            pipeline, new RowColumns(asked, pipeline.Settings).Pair, pipeline.SimilarityStream, Both);
    }

    private static string Both(TextInput pair) => $"{pair.Text} / {pair.Pair}";
}
