using System.CommandLine;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>A task of <c>atenea predict</c>, under the name that transformers gives its pipeline.</summary>
/// <param name="Name">For example <c>fill-mask</c>.</param>
/// <param name="ModelClass">The class of models whose task it is when none is named; null for none.</param>
/// <param name="Options">The options that belong to it.</param>
/// <param name="Create">Loads the model and answers.</param>
internal sealed record PredictionTask(string Name, Type? ModelClass, Func<PredictOptions, IEnumerable<Option>> Options, Func<PredictRequest, Predictor> Create)
{
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["sentiment-analysis"] = "text-classification",
        ["ner"] = "token-classification",
        ["next-sentence-prediction"] = "next-sentence",
    };

    /// <summary>Every task.</summary>
    public static IReadOnlyList<PredictionTask> All { get; } =
    [
        new("text-classification", typeof(SequenceClassifier), o => [o.TopK, o.Function], r => new TextClassificationPredictor(r)),
        new("token-classification", typeof(TokenClassifier), o => [o.Aggregation, o.Stride, o.IgnoreLabels], r => new TokenClassificationPredictor(r)),
        new("question-answering", typeof(QuestionAnsweringModel), o => [o.Question, o.TopK, o.Stride, o.MaxAnswerLength, o.Impossible], r => new QuestionAnsweringPredictor(r)),
        new("fill-mask", typeof(MaskedLanguageModel), o => [o.TopK, o.Targets], r => new FillMaskPredictor(r)),
        new("next-sentence", typeof(NextSentencePredictor), _ => [], r => new NextSentenceTask(r)),
        new("zero-shot-classification", null, o => [o.Labels, o.Hypothesis, o.MultiLabel], r => new ZeroShotPredictor(r)),
        new("feature-extraction", null, _ => [], r => new FeatureExtractionPredictor(r)),
        new("sentence-similarity", null, _ => [], r => new SentenceSimilarityPredictor(r)),
    ];

    /// <summary>The task of a name; without one the task of the model's class, text classification for classes that have none.</summary>
    /// <exception cref="AteneaException">There is no such task (ATN0103), or the model is not found (ATN04xx).</exception>
    public static PredictionTask Find(string? name, string model)
    {
        if (name is null)
        {
            string folder = ModelLocator.Find(model).Folder;
            ModelConfig config = ModelConfig.Load(folder);
            Type? modelClass = config.Architectures.Count > 0 ? ModelTask.Of(config).ModelClass : null;
            return All.FirstOrDefault(task => task.ModelClass is not null && task.ModelClass == modelClass) ?? All[0];
        }

        string known = OtherNames.GetValueOrDefault(name, name);
        return All.FirstOrDefault(task => task.Name == known) ?? throw new AteneaException(Catalogue.ArgumentWrong, $"there is no task '{name}'", "--task",
            $"the tasks are {string.Join(", ", All.Select(task => task.Name))}");
    }

    /// <summary>Loads the model and answers.</summary>
    /// <exception cref="AteneaException">
    /// The model has no trained head for this task (ATN0551) or its family no class (ATN0509); the remedy names the task that it is for.
    /// Else as for the pipelines.
    /// </exception>
    public Predictor Load(PredictRequest request)
    {
        try
        {
            return Create(request);
        }
        catch (AteneaException wrong) when (wrong.Code == Catalogue.HeadUntrained || wrong.Code == Catalogue.ModelClassUnsupported)
        {
            if (RightTask(request.Model) is not { } remedy) throw;
            throw new AteneaException(wrong.Code, wrong.What, wrong.Where, remedy, wrong);
        }
    }

    private string? RightTask(string model)
    {
        ModelConfig config = ModelConfig.Load(ModelLocator.Find(model).Folder);
        if (config.Architectures is not [string className, ..] || ModelTask.Find(ModelRegistry.FamilyOf(config), className) is not { } stored) return null;
        if (stored.ModelClass == typeof(BaseModel))
            return "a bare encoder does --task feature-extraction or sentence-similarity; for others train a head, for example with `atenea train`, and name the run's folder";
        Type head = stored.ModelClass == typeof(PretrainingModel) ? typeof(MaskedLanguageModel) : stored.ModelClass;
        return All.FirstOrDefault(task => task.ModelClass == head) is { } right && right != this
            ? $"this model is for --task {right.Name}; for {Name} train a head, for example with `atenea train`, and name the run's folder"
            : null;
    }
}

/// <summary>What <c>atenea predict</c> was asked for.</summary>
/// <param name="Model">Name or folder of the model.</param>
/// <param name="Parse">The command line.</param>
/// <param name="Options">The options that only some tasks have.</param>
/// <param name="MaxLength">Longest sequence; null for the model's own.</param>
/// <param name="Threads">Threads to compute on; 0 for one per processor.</param>
/// <param name="Column">Column of the text.</param>
/// <param name="PairColumn">Column of the second text; null where none was named.</param>
internal sealed record PredictRequest(string Model, ParseResult Parse, PredictOptions Options, int? MaxLength, int Threads, string Column, string? PairColumn)
{
    /// <summary>How a pipeline that has no options of its own works.</summary>
    public PipelineOptions Pipeline => new() { Threads = Threads, MaxLength = MaxLength };

    /// <summary>A row's text, with its second text where a column of them was named.</summary>
    public TextInput Texts(PredictionRow row) => new(row.Get(Column), PairColumn is { } pair ? row.Get(pair) : null);

    /// <summary>A row's two texts, for tasks that need both.</summary>
    public TextInput Pair(PredictionRow row) => new(row.Get(Column), row.Get(PairColumn ?? PairColumns.Usual));

    /// <summary>The value of an option, or null where it was not given.</summary>
    public int? Number(Option<int> option) => Parse.GetResult(option) is null or { Implicit: true } ? null : Parse.GetValue(option);

    /// <summary>The values of an option, or null where it was not given.</summary>
    public string[]? List(Option<string[]> option) => Parse.GetResult(option) is null or { Implicit: true } ? null : Parse.GetValue(option);
}
