using System.Text.Json;
using Atenea.Errors;
using Atenea.Models;

namespace Atenea.Pipelines.Tests;

public class PipelineTaskTests
{
    [Fact]
    public void Every_task_is_found_by_each_of_its_names()
    {
        Assert.Equal(PipelineTask.All.Count, PipelineTask.All.SelectMany(task => task.Aliases.Append(task.Name)).Distinct().Count()
            - PipelineTask.All.Sum(task => task.Aliases.Count));
        foreach (PipelineTask task in PipelineTask.All)
            Assert.All(task.Aliases.Append(task.Name), name => Assert.Same(task, PipelineTask.Find(name)));
        Assert.Equal("token-classification", PipelineTask.Find("ner").Name);
        Assert.Equal("ATN0103", Assert.Throws<AteneaException>(() => PipelineTask.Find("translation")).Code.Id);
    }

    [Fact]
    public void A_task_of_a_class_of_models_has_the_names_that_it_is_trained_by()
    {
        foreach (ModelTask model in ModelRegistry.Tasks)
        {
            if (PipelineTask.All.FirstOrDefault(task => task.Name == model.Name) is { } task) Assert.Equal(model.Aliases, task.Aliases);
            Assert.Same(model, ModelTask.Named(model.Name));
            Assert.All(model.Aliases, alias => Assert.Same(model, ModelTask.Named(alias)));
        }

        Assert.Null(ModelTask.Named("translation"));
    }

    [Fact]
    public void Parameters_of_other_tasks_are_refused_by_name()
    {
        var parameters = new TaskParameters { TopK = 2, Labels = ["x"] };
        AteneaException refused = Assert.Throws<AteneaException>(() => PipelineTask.Find("fill-mask").Load("nowhere", parameters));
        Assert.Equal("ATN0104", refused.Code.Id);
        Assert.Contains("--labels is not for fill-mask", refused.Message, StringComparison.Ordinal);
        Assert.Contains("zero-shot-classification", refused.Message, StringComparison.Ordinal);
        Assert.Equal(TaskParameter.TopK | TaskParameter.Labels, parameters.Given);
        Assert.Equal(TaskParameter.None, new TaskParameters { Threads = 2, TextColumn = "x" }.Given);
    }

    [Fact]
    public void A_row_is_asked_as_the_pipeline_asks_its_text()
    {
        using var reference = new ReferenceModel("fill-mask");
        using var pipeline = FillMaskPipeline.Load(reference.Folder);
        using TaskPipeline task = PipelineTask.Of(reference.Folder).Load(reference.Folder, new TaskParameters { TopK = 3 });
        const string Text = "The [MASK] sat on the [MASK] today.";
        TaskAnswer answer = Assert.Single(task.Answer([TextRow.Of(Text)]));
        Assert.Equal(Text, answer.Text);
        Assert.Equal(pipeline.Fill(Text, 3), Assert.IsType<MaskFillings>(answer.Answer));
        Assert.Equal("ATN0205",
            Assert.Throws<AteneaException>(() => task.Answer([new(new Dictionary<string, string?>())]).Count()).Code.Id);
    }

    [Fact]
    public void A_program_adds_a_task_of_its_own()
    {
        PipelineTask.Register(new PipelineTask("text-length", (_, _) => new Lengths()) { Aliases = ["length"] });
        using TaskPipeline pipeline = PipelineTask.Find("length").Load("no model at all");
        Assert.Equal([3, 0], pipeline.Answer([TextRow.Of("one"), TextRow.Of("")]).Select(each => ((Length)each.Answer).Characters));
    }

    private sealed record Length(int Characters) : IAnswer
    {
        public void WriteTo(Utf8JsonWriter json) => json.WriteNumberValue(Characters);
    }

    private sealed class Lengths : TaskPipeline
    {
        public override int MaxLength => int.MaxValue;

        public override IEnumerable<TaskAnswer> Answer(IEnumerable<TextRow> rows) =>
            rows.Select(row => new TaskAnswer(row.Get(TextRow.UsualText), new Length(row.Get(TextRow.UsualText).Length)));

        public override void Dispose()
        {
        }
    }
}
