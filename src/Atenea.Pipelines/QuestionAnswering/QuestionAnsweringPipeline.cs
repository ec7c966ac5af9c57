using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Questions and texts in, the stretches of the texts that answer them out (extractive question answering, as in SQuAD). Contexts of any
/// length are read in windows of <see cref="Pipeline.MaxLength"/> tokens: question, part of the context and special tokens. Same answers as
/// transformers' pipeline of that name gave.
/// </summary>
/// <example><code>
/// using var pipeline = QuestionAnsweringPipeline.Load("runs/squad");
/// Answer answer = pipeline.Ask("Where is it?", "It is in the north of the country.")[0];
/// Console.WriteLine($"{answer.Text} ({answer.Score:0.000})");
/// </code></example>
public sealed class QuestionAnsweringPipeline : Pipeline
{
    private readonly PipelineEngine<QuestionAnsweringModel> _engine;

    private QuestionAnsweringPipeline(PipelineEngine<QuestionAnsweringModel> engine, int window)
        : base(engine, window, engine.Settings) => _engine = engine;

    /// <summary>Loads a question answering model and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest window, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained head for this (ATN0551).
    /// </exception>
    public static QuestionAnsweringPipeline Load(string model, PipelineOptions? options = null)
    {
        options ??= new PipelineOptions();
        PipelineEngine<QuestionAnsweringModel> engine = ModelEngine.Load<QuestionAnsweringModel>(model, options);
        bool isChosen = (options.MaxLength ?? engine.Settings.MaxLength) is not null;
        return new QuestionAnsweringPipeline(engine, isChosen ? engine.MaxLength : Math.Min(engine.MaxLength, AnswerOptions.UsualWindow));
    }

    /// <summary>The best answers to one question by falling score; there may be none in an empty context.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The text that may hold the answer.</param>
    /// <param name="options">Number of answers, stride and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">The question leaves no room for the context in a window (ATN03xx).</exception>
    public QuestionAnswers Ask(string question, string context, AnswerOptions? options = null) =>
        Ask([new QuestionInput(question, context)], options)[0];

    /// <summary>The best answers to many questions; in the order of the questions.</summary>
    /// <inheritdoc cref="Ask(string, string, AnswerOptions?)"/>
    public IReadOnlyList<QuestionAnswers> Ask(IReadOnlyList<QuestionInput> inputs, AnswerOptions? options = null)
    {
        options ??= new AnswerOptions();
        var encoding = new EncodeOptions
        {
            MaxLength = MaxLength,
            Stride = options.Stride ?? Settings.Stride ?? Math.Min(MaxLength / 2, AnswerOptions.UsualStride),
            Truncation = TruncationStrategy.OnlySecond,
        };
        Encoding[] encodings = _engine.Encode([.. inputs.Select(input => new TextInput(input.Question, input.Context))], encoding);
        var windows = new List<Encoding>();
        var owners = new List<int>();
        for (int i = 0; i < encodings.Length; i++)
        {
            windows.Add(encodings[i]);
            windows.AddRange(encodings[i].Overflowing);
            while (owners.Count < windows.Count) owners.Add(i);
        }

        (float[] Starts, float[] Ends)[] outputs = Run(windows);
        AnswerSearch[] searches = [.. inputs.Select(input => new AnswerSearch(options, input.Context))];
        for (int w = 0; w < windows.Count; w++) searches[owners[w]].Add(windows[w], outputs[w].Starts, outputs[w].Ends);
        return [.. searches.Select((search, i) => new QuestionAnswers(inputs[i].Context, search.Answers(), options))];
    }

    /// <summary>Answers questions as they come, in their order, holding only a window of them at a time.</summary>
    /// <inheritdoc cref="Ask(string, string, AnswerOptions?)"/>
    public IEnumerable<QuestionAnswers> AskStream(IEnumerable<QuestionInput> inputs, AnswerOptions? options = null) =>
        _engine.Stream(inputs, input => input.Question.Length + input.Context.Length, window => Ask(window, options));

    private (float[] Starts, float[] Ends)[] Run(List<Encoding> windows)
    {
        var outputs = new (float[] Starts, float[] Ends)[windows.Count];
        _engine.Run(windows, (pass, members) =>
        {
            TensorValues logits = _engine.Model.Forward(pass).Read(); // [tokens, 2]
            for (int s = 0; s < members.Length; s++)
            {
                float[] starts = new float[windows[members[s]].Count], ends = new float[starts.Length];
                for (int token = 0; token < starts.Length; token++)
                {
                    ReadOnlySpan<float> row = logits.Row(pass.Batch.Offsets[s] + token);
                    (starts[token], ends[token]) = (row[0], row[1]);
                }

                outputs[members[s]] = (starts, ends);
            }
        });
        return outputs;
    }
}
