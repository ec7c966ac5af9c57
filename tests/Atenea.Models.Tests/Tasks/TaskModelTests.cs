using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class TaskModelTests
{
    public static TheoryData<string, string> Tasks => Samples.Tasks;

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_saved_model_loads_as_the_class_that_its_config_names_with_the_same_bits(string family, string suffix)
    {
        using var folder = new TemporaryFolder();
        using TaskModel model = Samples.Model(family, suffix);
        model.Save(folder.Path);
        using var loaded = (TaskModel)ModelLoader.Load(folder.Path, new ModelLoadOptions { RequireTrainedHead = true });
        Assert.Equal(model.Family.ClassNameOf(suffix), loaded.ClassName);
        Assert.Same(model.GetType(), loaded.GetType());
        Assert.True(loaded.LoadReport!.IsExact, loaded.LoadReport.ToString());
        using var engine = new Engine();
        Assert.Equal(Outputs(engine, model), Outputs(engine, loaded));
        using SafeTensorsFile file = SafeTensorsFile.Open(folder.File("model.safetensors"));
        IEnumerable<string> names = model.Parameters.Select(parameter => parameter.Name);
        Assert.Equal(names.Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(file.Tensors.Keys, model.Parameters.IsTied);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_loss_for_training_is_the_loss_of_the_outputs(string family, string suffix)
    {
        using TaskModel model = Samples.Model(family, suffix);
        using var engine = new Engine(2);
        InputBatch batch = Samples.Batch();
        ModelLabels labels = Samples.Labels(model, batch);
        engine.Tape.Begin(TapeMode.Evaluation);
        ModelLoss whole = model.LossOf(engine.Pass(batch), model.Run(engine.Pass(batch)), labels, 0.1f);
        double expected = whole.Mean;
        (LossTerm Term, long Count)[] terms = Terms(whole);
        model.Parameters.ZeroGradients();
        whole.Backward(engine.Tape);
        float[][] gradients = Gradients(model);
        engine.Tape.Begin(TapeMode.Evaluation);
        model.Parameters.ZeroGradients();
        ModelLoss direct = model.Loss(engine.Pass(batch), labels, 0.1f);
        Assert.Equal(expected, direct.Mean);
        Assert.Equal(terms, Terms(direct));
        direct.Backward(engine.Tape);
        float[][] found = Gradients(model);
        AssertClose(gradients, found);
        Assert.Contains(gradients.SelectMany(values => values), value => value != 0);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Micro_batches_add_up_to_the_whole_when_divided_by_the_step_s_counts(string family, string suffix)
    {
        using TaskModel model = Samples.Model(family, suffix);
        using var engine = new Engine();
        InputBatch batch = Samples.Batch();
        ModelLabels labels = Samples.Labels(model, batch);
        engine.Tape.Begin(TapeMode.Evaluation);
        ModelLoss once = model.Loss(engine.Pass(batch), labels);
        var counts = new long[once.Count];
        for (int term = 0; term < counts.Length; term++) counts[term] = 2 * once[term].Count;
        double mean = once.Mean, shares = 0;
        model.Parameters.ZeroGradients();
        once.Backward(engine.Tape);
        float[][] expected = Gradients(model);
        model.Parameters.ZeroGradients();
        for (int micro = 0; micro < 2; micro++)
        {
            engine.Tape.Begin(TapeMode.Evaluation);
            ModelLoss loss = model.Loss(engine.Pass(batch), labels);
            loss.Backward(engine.Tape, counts);
            shares += loss.Share(counts);
        }

        Assert.Equal(mean, shares, 1e-12);
        float[][] found = Gradients(model);
        AssertClose(expected, found);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_step_allocates_nothing_on_the_managed_heap_once_warm(string family, string suffix)
    {
        using TaskModel model = Samples.Model(family, suffix);
        using var engine = new Engine();
        InputBatch source = Samples.Batch();
        ModelLabels labels = Samples.Labels(model, source);
        var pass = new ForwardPass(engine.Tape, new InputBatch());
        var counts = new long[model.LossTerms.Count];
        void Step(ulong step)
        {
            pass.Batch.Clear();
            for (int s = 0; s < source.Sequences; s++) pass.Batch.Add(source.Ids.Span[source.Offsets[s]..source.Offsets[s + 1]]);
            Array.Clear(counts);
            model.Count(pass.Batch, labels, counts);
            engine.Tape.Begin(TapeMode.Training, 1, step);
            model.Loss(pass, labels, 0.1f).Backward(engine.Tape, counts);
        }

        for (ulong step = 0; step < 5; step++) Step(step);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong step = 5; step < 15; step++) Step(step);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void What_each_term_will_count_is_known_from_the_labels_alone(string family, string suffix)
    {
        using TaskModel model = Samples.Model(family, suffix);
        using var engine = new Engine();
        InputBatch batch = Samples.Batch();
        ModelLabels labels = Samples.Labels(model, batch);
        var counts = new long[model.LossTerms.Count];
        model.Count(batch, labels, counts);
        engine.Tape.Begin(TapeMode.Evaluation);
        Assert.Equal(model.LossTerms.Zip(counts), Terms(model.Loss(engine.Pass(batch), labels)));
        model.Count(batch, labels, counts);
        Assert.Equal(2 * model.Loss(engine.Pass(batch), labels)[0].Count, counts[0]);
    }

    [Fact]
    public void Labels_outside_their_sequence_or_to_be_ignored_are_not_counted()
    {
        InputBatch batch = Samples.Batch();
        using TaskModel answers = Samples.Model("bert", QuestionAnsweringModel.Task.ClassSuffix);
        var labels = new ModelLabels();
        labels.Set("start_positions", [3, 3, -100, 4]);
        labels.Set("end_positions", [4, 2, 1, 5]);
        var two = new long[2];
        answers.Count(batch, labels, two);
        Assert.Equal([2, 2], two);
        using TaskModel classifier = Samples.Model("bert", SequenceClassifier.Task.ClassSuffix);
        var one = new long[1];
        classifier.Count(batch, new ModelLabels([1, -100, 0, -100]), one);
        Assert.Equal([2], one);
        classifier.Config.ProblemType = ProblemType.MultiLabelClassification;
        labels.Set(ModelLabels.Usual, new float[12]);
        classifier.Count(batch, labels, one);
        Assert.Equal([14], one);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Labels_that_do_not_fit_are_refused(string family, string suffix)
    {
        using TaskModel model = Samples.Model(family, suffix);
        using var engine = new Engine();
        InputBatch batch = Samples.Batch();
        engine.Tape.Begin(TapeMode.Evaluation);
        AteneaException missing = Assert.Throws<AteneaException>(() => model.Loss(engine.Pass(batch), new ModelLabels()));
        Assert.Equal(Catalogue.LabelsDoNotFit, missing.Code);
        ModelLabels tooMany = Samples.Labels(model, batch);
        tooMany.Set(model.LabelArguments[0].Name, new int[batch.Tokens + 1]);
        engine.Tape.Begin(TapeMode.Evaluation);
        Assert.Equal(Catalogue.LabelsDoNotFit, Assert.Throws<AteneaException>(() => model.Loss(engine.Pass(batch), tooMany)).Code);
        var counts = new long[model.LossTerms.Count];
        if (model is not SequenceClassifier)
            Assert.Equal(Catalogue.LabelsDoNotFit, Assert.Throws<AteneaException>(() => model.Count(batch, tooMany, counts)).Code);
    }

    [Fact]
    public void A_classifier_takes_the_labels_of_its_problem_alone()
    {
        using TaskModel model = Samples.Model("bert", SequenceClassifier.Task.ClassSuffix);
        using var engine = new Engine();
        var labels = new ModelLabels();
        Refused(ProblemType.SingleLabelClassification, new float[4 * 3]);
        Refused(ProblemType.MultiLabelClassification, new float[4]);
        Refused(ProblemType.Regression, new float[4]);

        void Refused(ProblemType problem, float[] numbers)
        {
            model.Config.ProblemType = problem;
            labels.Set(ModelLabels.Usual, numbers);
            engine.Tape.Begin(TapeMode.Evaluation);
            AteneaException error = Assert.Throws<AteneaException>(() => model.Loss(engine.Pass(Samples.Batch()), labels));
            Assert.Equal(Catalogue.LabelsDoNotFit, error.Code);
        }
    }

    [Fact]
    public void A_head_that_the_checkpoint_lacks_is_drawn_for_training_and_refused_for_answers()
    {
        using var folder = new TemporaryFolder();
        using (TaskModel model = Samples.Model("bert", TokenClassifier.Task.ClassSuffix)) model.Save(folder.Path);
        using (QuestionAnsweringModel fresh = ModelLoader.Load<QuestionAnsweringModel>(folder.Path))
        {
            Assert.Equal(["qa_outputs.weight", "qa_outputs.bias"], fresh.LoadReport!.NewlyInitialised.Select(weight => weight.Name));
        }

        AteneaException error = Assert.Throws<AteneaException>(() =>
            ModelLoader.Load<QuestionAnsweringModel>(folder.Path, new ModelLoadOptions { RequireTrainedHead = true }));
        Assert.Equal(Catalogue.HeadUntrained, error.Code);
        Assert.Contains("BertForTokenClassification", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_map_of_another_size_than_the_head_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (TaskModel model = Samples.Model("bert", TokenClassifier.Task.ClassSuffix)) model.Save(folder.Path);
        ModelConfig config = ModelConfig.Load(folder.Path);
        config.SetLabels(["O", "B"]);
        config.Save(folder.Path);
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLoader.Load(folder.Path));
        Assert.Equal(Catalogue.WeightShapeMismatch, error.Code);
        Assert.Contains("classifier", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BertForMaskedLN", "BertForMaskedLM")]
    [InlineData("BertForCausalLM", "BertFor")]
    public void A_class_that_the_family_does_not_have_is_refused_with_those_that_it_has(string name, string near)
    {
        ModelConfig config = Golden.TinyConfig($", \"architectures\": [\"{name}\"]");
        AteneaException error = Assert.Throws<AteneaException>(() => ModelTask.Of(config));
        Assert.Equal(Catalogue.ModelClassUnsupported, error.Code);
        Assert.Contains(near, error.Remedy, StringComparison.Ordinal);
        Assert.Equal(Catalogue.ModelClassUnsupported, Assert.Throws<AteneaException>(() => ModelTask.Of(Golden.TinyConfig())).Code);
        error = Assert.Throws<AteneaException>(() => ModelLoader.New<CausalLanguageModel>(Golden.TinyConfig(), 1));
        Assert.Equal(Catalogue.ModelClassUnsupported, error.Code);
    }

    [Fact]
    public void A_tied_decoder_is_the_word_table_and_an_untied_one_is_not()
    {
        using MaskedLanguageModel tied = ModelLoader.New<MaskedLanguageModel>(Golden.TinyConfig(), 1);
        Assert.Same(tied.Encoder.WordEmbeddings, tied.Parameters["cls.predictions.decoder.weight"]);
        Assert.Same(tied.Parameters["cls.predictions.bias"], tied.Parameters["cls.predictions.decoder.bias"]);
        using MaskedLanguageModel untied = ModelLoader.New<MaskedLanguageModel>(Golden.TinyConfig(""", "tie_word_embeddings": false"""), 1);
        Assert.NotSame(untied.Encoder.WordEmbeddings, untied.Parameters["cls.predictions.decoder.weight"]);
        Assert.Equal(tied.Parameters.Count + 2, untied.Parameters.Count);
    }

    [Fact]
    public void Some_rows_of_a_language_model_have_the_bits_of_the_whole()
    {
        using MaskedLanguageModel model = ModelLoader.New<MaskedLanguageModel>(Golden.TinyConfig(), 1);
        using var engine = new Engine();
        InputBatch batch = Samples.Batch();
        engine.Tape.Begin(TapeMode.Inference);
        Tensor whole = model.Forward(engine.Pass(batch));
        int[] rows = [3, 0, 8];
        float[] expected = [.. rows.SelectMany(row => whole.Read().Row(row).ToArray())];
        engine.Tape.Begin(TapeMode.Inference);
        Assert.Equal(expected, model.ForwardRows(engine.Pass(batch), rows).ToArray());
    }

    private static (LossTerm Term, long Count)[] Terms(ModelLoss loss) =>
        [.. Enumerable.Range(0, loss.Count).Select(term => (loss.Term(term), loss[term].Count))];

    private static float[][] Outputs(Engine engine, TaskModel model)
    {
        engine.Tape.Begin(TapeMode.Inference);
        return [.. model.Run(engine.Pass(Samples.Batch())).All.Select(output => output.Values.ToArray())];
    }

    private static void AssertClose(float[][] expected, float[][] found)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], found[i][j], 2e-6f * Math.Max(1, Math.Abs(expected[i][j])));
        }
    }

    private static float[][] Gradients(Model model) => [.. model.Parameters.Select(parameter => parameter.GradientToArray())];
}
