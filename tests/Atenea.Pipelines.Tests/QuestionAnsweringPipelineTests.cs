using System.Text.Json;

namespace Atenea.Pipelines.Tests;

public class QuestionAnsweringPipelineTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Answers_are_those_of_the_reference()
    {
        using var reference = new ReferenceModel("question-answering");
        using var pipeline = QuestionAnsweringPipeline.Load(reference.Folder);
        foreach (JsonElement expected in reference.Expected.GetProperty("cases").EnumerateArray())
        {
            JsonElement arguments = expected.GetProperty("kwargs");
            var options = new AnswerOptions
            {
                Count = Number(arguments, "top_k") ?? 1,
                Stride = Number(arguments, "doc_stride") ?? 16, // The reference data were made with 16 where nothing is said.
                MaxAnswerLength = Number(arguments, "max_answer_len") ?? 15,
                HandleImpossible = Flag(arguments, "handle_impossible", false),
                MergeEqual = Flag(arguments, "merge", true),
                AlignToWords = Flag(arguments, "align", true),
            };
            QuestionAnswers answers = pipeline.Ask(expected.GetProperty("question").GetString()!,
                expected.GetProperty("context").GetString()!, options);
            JsonElement wanted = expected.GetProperty("answers");
            Assert.Equal(wanted.GetArrayLength(), answers.Count);
            for (int i = 0; i < answers.Count; i++)
            {
                Assert.Equal(wanted[i].GetProperty("answer").GetString(), answers[i].Text);
                Assert.Equal(wanted[i].GetProperty("start").GetInt32(), answers[i].Start);
                Assert.Equal(wanted[i].GetProperty("end").GetInt32(), answers[i].End);
                Assert.Equal(wanted[i].GetProperty("score").GetDouble(), answers[i].Score, Tolerance);
            }
        }
    }

    [Fact]
    public void A_batch_and_a_stream_give_the_answers_of_single_questions()
    {
        using var reference = new ReferenceModel("question-answering");
        using var pipeline = QuestionAnsweringPipeline.Load(reference.Folder, new PipelineOptions { WindowTexts = 2, BatchTokens = 70 });
        string context = string.Join(' ', Enumerable.Repeat("Brazil holds 60% of it, followed by Peru with 13%.", 12));
        QuestionInput[] inputs = [new("Who?", "Nobody knows."), new("Who holds it?", context), new("Which country?", context[..200])];
        var options = new AnswerOptions { Count = 3, HandleImpossible = true };
        IReadOnlyList<IReadOnlyList<Answer>> together = pipeline.Ask(inputs, options);
        Assert.Equal(together, pipeline.AskStream(inputs, options));
        for (int i = 0; i < inputs.Length; i++) Assert.Equal(pipeline.Ask(inputs[i].Question, inputs[i].Context, options), together[i]);
    }

    [Fact]
    public void An_empty_context_has_no_answer()
    {
        using var reference = new ReferenceModel("question-answering");
        using var pipeline = QuestionAnsweringPipeline.Load(reference.Folder);
        Assert.Empty(pipeline.Ask("Who?", ""));
        Assert.Equal("", Assert.Single(pipeline.Ask("Who?", "", new AnswerOptions { HandleImpossible = true })).Text);
    }

    private static int? Number(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;

    private static bool Flag(JsonElement arguments, string name, bool usual) =>
        arguments.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : usual;
}
